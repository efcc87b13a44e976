"""The Spark session: started when first needed, with what makes its answers equal to polars'."""

from __future__ import annotations

import logging
import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # it has no types
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from goodword.engines.scratch import Scratch
from goodword.errors import SettingsError, SourceError

if TYPE_CHECKING:
    from pathlib import Path

MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.compression.codec": "zstd",
}
"""What the session holds whatever the cluster's defaults are; literals of Python follow it, too."""
QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
}
SHORT = {"spark.sql.constraintPropagation.enabled": "false"}
"""What keeps the planning of a query short: rules are long chains of conditions, of which the
optimizer would work out every consequence."""
AT_HOME = {
    "spark.sql.adaptive.enabled": "false",  # few partitions, and each step planned once
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.defaultJavaOptions": "-XX:TieredStopAtLevel=1",
}
"""Of this machine's cores only. A plan is some ninety queries, nearly each of which runs once: to
compile each to Java, and Java's thorough compiling of that, took longer than to compute them."""
LOOKED_UP = (
    "functions",
    "PythonUtils",
    "org.apache.spark.sql.functions",
    "org.apache.spark.sql.expressions.Window",
)
"""Classes PySpark asks Java for again at each step of each expression, through all its archives."""
TELLING = ("DataFrameQueryContextLogger", "SQLQueryContextLogger")
"""Loggers of PySpark that write the cell a job failed on to standard error."""
NO_ROOM = ("No space left on device", "File too large", "Disk quota exceeded")
"""What Java says, in the words of the operating system, where a disk is full."""
JAVA = "Spark 4 needs Java 17 or newer: install one, or name its folder in JAVA_HOME."


def open_session(master: str, spill: Path | None) -> SparkSession:
    """Return the session on the Spark at *master*, started if it is not there.

    Args:
        master: ``local[*]``, or the address of a cluster.
        spill: Where Spark keeps what does not fit into memory, in local mode.

    Raises:
        SettingsError: There is no Java, or Spark does not start.
        SourceError: Nothing can be written there.
    """
    require_java()
    running = SparkSession.getActiveSession()
    own = Scratch(spill)  # of the session, which outlives the engine that started it
    builder = SparkSession.builder.master(master).appName("goodword")
    settings = {**QUIET, **MEANING, **SHORT}
    if running is None:
        settings["spark.sql.warehouse.dir"] = (own.folder() / "warehouse").as_uri()
    if running is None and master.startswith("local"):
        settings |= AT_HOME
        settings["spark.local.dir"] = str(own.folder())
        settings["spark.sql.shuffle.partitions"] = str(os.cpu_count() or 1)
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # py4j and the JVM each have their own
        msg = f"Spark does not start at {master!r} ({type(error).__name__})."
        hint = f"Check [engine] master and the lines of Java above. {JAVA}"
        raise SettingsError(msg, hint=hint) from error
    for name in TELLING:
        logging.getLogger(name).disabled = True
    if running is None:
        _keep_classes(session)
        weakref.finalize(session, own.folder)  # holds the folder as long as the session
    return session


def _keep_classes(session: SparkSession) -> None:
    """Let PySpark find the classes of its expressions where it looks first."""
    java = session.sparkContext._jvm
    for name in LOOKED_UP:
        setattr(java, name, getattr(java, name))


def require_java() -> None:
    """Refuse a machine without Java, before anything is pulled for nothing.

    Raises:
        SettingsError: There is none.
    """
    home = os.environ.get("JAVA_HOME")
    there = shutil.which("java", path=os.path.join(home, "bin")) if home else shutil.which("java")  # noqa: PTH118  # a search path is text
    if there is None:
        msg = "[engine] name = 'spark': there is no Java on this machine."
        raise SettingsError(msg, hint=JAVA)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Name a full disk, and tell a failed job from a wrong rule.

    Raises:
        SourceError: There is no room in *folder*.
    """
    try:
        yield
    except (PySparkException, Py4JError) as error:
        said = str(error)
        if any(words in said for words in NO_ROOM):
            raise _no_room(folder) from error
        if "OutOfMemoryError" in said:
            msg = "Spark's memory is too little for what is to be computed."
            hint = "Raise spark.driver.memory (local) or spark.executor.memory."
            raise SourceError(msg, hint=hint) from error
        raise


def _no_room(folder: Path) -> SourceError:
    msg = f"The disk of {folder} has no room for what is computed on the way."
    hint = "Free some, or name a folder on a larger disk under [engine] spill."
    return SourceError(msg, hint=hint)
