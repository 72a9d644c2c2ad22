"""Checks and casts the annotated arguments of functions that HTTP may call."""

import inspect
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from frappe.exceptions import FrappeTypeError
from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError


def validate_argument_types(
    function: Callable, apply_condition: Callable[[], Any] = lambda: True
) -> Callable:
    """The function with its arguments cast as annotated. Raises FrappeTypeError for what cannot be."""
    parameters = inspect.signature(function).parameters

    @wraps(function)
    def wrapper(*args, **kwargs):
        if apply_condition():
            args, kwargs = _cast_all(parameters, args, kwargs)
        return function(*args, **kwargs)

    return wrapper


def _cast_all(parameters, args: tuple, kwargs: dict) -> tuple[list, dict]:
    positional = [
        each
        for each in parameters.values()
        if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
    ]
    cast_args = [_cast(parameter, value) for parameter, value in zip(positional, args, strict=False)]
    cast_args += args[len(cast_args) :]
    cast_kwargs = {
        name: _cast(parameters[name], value) if name in parameters else value
        for name, value in kwargs.items()
    }
    return cast_args, cast_kwargs


def _cast(parameter: inspect.Parameter, value):
    kind = parameter.annotation
    if kind is parameter.empty or isinstance(kind, str):
        return value
    if kind is bool:
        kind = int | bool | float  # HTTP knows no booleans
    if parameter.default is not parameter.empty:
        kind = kind | type(parameter.default)
    try:
        return _adapter(kind).validate_python(value)
    except (TypeError, ValidationError) as error:
        raise FrappeTypeError(
            f"Argument '{parameter.name}' should be of type '{_name(parameter.annotation)}' but got "
            f"'{_name(type(value))}' instead."
        ) from error


@lru_cache(maxsize=2048)
def _adapter(kind) -> TypeAdapter:
    try:
        return TypeAdapter(kind, config=ConfigDict(arbitrary_types_allowed=True))
    except PydanticUserError:
        return TypeAdapter(kind)


def _name(kind) -> str:
    return kind.__name__ if inspect.isclass(kind) and kind.__module__ == "builtins" else str(kind)
