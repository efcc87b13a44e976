@echo off
rem Starts goodword without typing a command: double-click it, or drop your customer list on it.
rem It never needs an administrator's password.
setlocal EnableExtensions DisableDelayedExpansion
rem No program and no code is taken from the folder this lies in: hence this, and -P.
set "NoDefaultCurrentDirectoryInExePath=1"
chcp 65001 >nul
set "KNOWN="
set "OURS=%LOCALAPPDATA%\goodword\python"
set "BESIDE=%~dp0"
set "SOURCE=%~dp0..\..\.."
set "DROPPED=%~1"
set "PYTHONUTF8=1"

if defined KNOWN if exist "%KNOWN%" (
    "%KNOWN%" -P -c "import goodword, goodword_csv" >nul 2>nul && set "PYTHON=%KNOWN%"&& goto go
)
if exist "%OURS%\Scripts\python.exe" (
    "%OURS%\Scripts\python.exe" -P -c "import goodword, goodword_csv" >nul 2>nul && goto ours
)

if not exist "%SOURCE%\core\goodword\" (
    echo goodword is not on this computer yet, or no longer. Get its folder, open plugins, csv,
    echo launchers in it, and start the icon there once. Then this one works, too.
    goto end
)
set "FOUND="
for %%P in ("py -3" "python" "python3") do (
    if not defined FOUND %%~P -P -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "FOUND=%%~P"
)
if not defined FOUND (
    echo goodword needs Python 3.11 or newer, and this computer has none yet.
    echo One step: get it from https://www.python.org/downloads/ and install it; where it asks,
    echo tick "Add python.exe to PATH". No administrator is needed. Then start this again.
    goto end
)
echo goodword is set up on this computer now: once, for you alone, in
echo "%OURS%"
echo It needs the internet for this step and takes a minute or two.
if exist "%OURS%" rmdir /s /q "%OURS%"
%FOUND% -P -m venv "%OURS%"
if errorlevel 1 (
    if exist "%OURS%" rmdir /s /q "%OURS%"
    echo That did not work. Get Python from https://www.python.org/downloads/, then start this again.
    goto end
)
"%OURS%\Scripts\python.exe" -P -m pip install --quiet --disable-pip-version-check "%SOURCE%" "%SOURCE%\plugins\csv"
if errorlevel 1 (
    rmdir /s /q "%OURS%"
    echo goodword could not be fetched. Check the internet connection, then start this again.
    goto end
)

:ours
set "PYTHON=%OURS%\Scripts\python.exe"

:go
cd /d "%BESIDE%"
set "FIRM="
if exist "goodword.toml" set "FIRM=1"
if defined FIRM if defined DROPPED "%PYTHON%" -P -m goodword -C "%BESIDE%." start -- "%DROPPED%"
if defined FIRM if not defined DROPPED "%PYTHON%" -P -m goodword -C "%BESIDE%." start
if not defined FIRM if defined DROPPED "%PYTHON%" -P -m goodword start -- "%DROPPED%"
if not defined FIRM if not defined DROPPED "%PYTHON%" -P -m goodword start

:end
echo.
echo Press any key to close.
pause >nul
endlocal
