"""SQL of the configuration as a column, checked against the frame that it is for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import BooleanType

from cdc.errors import ConfigError
from cdc.model.columns import TECHNICAL
from cdc.model.config import Table

#: Operators that Spark puts below an expression which is not one of a single row.
_OF_MANY_ROWS = ("Window", "Generate", "Aggregate")


def expression(
    rows: DataFrame, table: Table, place: str, text: str, *, is_condition: bool = False, dropped: Iterable[str] = ()
) -> Column:
    """The text as a column of the frame.

    Args:
        place: Where the text stands in the table's configuration.
        is_condition: Whether it must be true or false.
        dropped: Columns that the table has no more, for the message.

    Raises:
        ConfigError: The text is no expression over one row's columns, is not the same each time, or is of another type.
    """

    def refuse(why: str, cause: Exception | None = None) -> ConfigError:
        error = ConfigError(f"{place} of {table.qualified} {why}")
        error.__cause__ = cause
        return error

    try:
        value = F.expr(text)
        with_value = rows.select("*", value)
    except (AnalysisException, ParseException) as failure:
        gone = ", ".join(dropped)
        raise refuse(
            "is no expression over its columns (names are the source's, in their exact case"
            f"{f'; the mask drop leaves out {gone}' if gone else ''}): {str(failure).splitlines()[0]}",
            failure,
        ) from failure
    analyzed = _analyzed(with_value)
    below = _below_projections(analyzed)
    of_many = below.getClass().getSimpleName() in _OF_MANY_ROWS and not below.equals(
        _below_projections(_analyzed(rows))
    )
    if of_many or len(with_value.columns) != len(rows.columns) + 1:
        raise refuse("is not one value a row. Write it without window functions, explode or a star.")
    last: Any = analyzed.projectList().last()
    if not last.deterministic():
        raise refuse("gives another value each time, but a batch that is repeated must give the same. Write it so.")
    names: Any = last.references().toSeq()
    if any(names.apply(index).name().startswith(TECHNICAL) for index in range(names.size())):
        raise refuse("names columns that the job needs for itself, by name or by a star. Name the source's.")
    kind = with_value.schema.fields[-1].dataType
    if is_condition and not isinstance(kind, BooleanType):
        raise refuse(f"is of type {kind.simpleString()}; it must be a condition, which is true or false.")
    return value


def _analyzed(rows: DataFrame) -> Any:
    java: Any = rows._jdf
    return java.queryExecution().analyzed()


def _below_projections(plan: Any) -> Any:
    while plan.getClass().getSimpleName() == "Project":
        plan = plan.child()
    return plan
