#!/bin/sh
# Starts goodword without typing a command. macOS: double-click it. Linux: start-goodword.desktop
# runs it; or drop your customer list on that. It never needs an administrator's password.
# Python is called with -P: no code is taken from the folder this lies in.

KNOWN=''  # the Python that goodword is installed in already, if any
HOME_OF_GOODWORD="${XDG_DATA_HOME:-$HOME/.local/share}/goodword"
if [ "$(uname -s)" = Darwin ]; then HOME_OF_GOODWORD="$HOME/Library/Application Support/goodword"; fi
OURS="$HOME_OF_GOODWORD/python"
BESIDE=$(cd "$(dirname "$0")" && pwd) || exit 1
SOURCE="${BESIDE%/plugins/csv/launchers}"  # goodword itself, where this lies in its folder

finish() {  # keep what is on the screen until it was read
    printf '\nPress Enter to close. '
    read -r _ || :
    exit "$1"
}

new_enough() {  # is $1 a Python that goodword runs on?
    case "$(command -v "$1" 2>/dev/null)" in
        '') return 1 ;;
        # without Apple's developer tools this one only offers to install them
        /usr/bin/python3) [ "$(uname -s)" != Darwin ] || xcode-select -p >/dev/null 2>&1 || return 1 ;;
    esac
    "$1" -P -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

has_goodword() { [ -x "$1" ] && "$1" -P -c 'import goodword, goodword_csv' >/dev/null 2>&1; }

install() {  # make a Python environment of our own, once
    if [ ! -d "$SOURCE/core/goodword" ] || [ ! -d "$SOURCE/plugins/csv" ]; then
        echo "goodword is not on this computer yet, or no longer. Get its folder, open plugins, csv,"
        echo "launchers in it, and start the icon there once. Then this one works, too."
        finish 1
    fi
    for PYTHON in python3.14 python3.13 python3.12 python3.11 python3 python \
        /opt/homebrew/bin/python3 /usr/local/bin/python3 none; do
        if new_enough "$PYTHON"; then break; fi
    done
    if [ "$PYTHON" = none ]; then
        echo "goodword needs Python 3.11 or newer, and this computer has none yet."
        echo "One step: get it from https://www.python.org/downloads/ and install it."
        echo "Then start this again."
        finish 1
    fi
    echo "goodword is set up on this computer now: once, for you alone, in"
    echo "$OURS; it needs the internet for this step and takes a minute or two."
    rm -rf "$OURS"
    mkdir -p "$HOME_OF_GOODWORD"
    if ! "$PYTHON" -P -m venv "$OURS"; then
        rm -rf "$OURS"
        echo "This Python has no part called venv. On Debian and Ubuntu it is in python3-venv;"
        echo "elsewhere, get Python from https://www.python.org/downloads/. Then start this again."
        finish 1
    fi
    if ! "$OURS/bin/python" -P -m pip install --quiet --disable-pip-version-check \
        "$SOURCE" "$SOURCE/plugins/csv"; then
        rm -rf "$OURS"
        echo "goodword could not be fetched. Check the internet connection, then start this again."
        finish 1
    fi
}

trap 'echo; echo "Stopped."; exit 130' INT
if has_goodword "$KNOWN"; then PYTHON="$KNOWN"; else
    has_goodword "$OURS/bin/python" || install
    PYTHON="$OURS/bin/python"
fi
trap : INT  # goodword itself says what Ctrl-C leaves

# A list dropped on the icon comes as $1. Where there is no list yet, macOS can ask for it.
if [ -z "$1" ] && [ ! -f "$BESIDE/goodword.toml" ] && command -v osascript >/dev/null 2>&1; then
    set -- "$(osascript -e \
        'POSIX path of (choose file with prompt "Which file is your customer list?")' 2>/dev/null)"
fi
cd "$BESIDE" || finish 1
if [ -n "$1" ]; then set -- start -- "$1"; else set -- start; fi
if [ -f goodword.toml ]; then "$PYTHON" -P -m goodword -C "$BESIDE" "$@"; else
    "$PYTHON" -P -m goodword "$@"
fi
finish $?
