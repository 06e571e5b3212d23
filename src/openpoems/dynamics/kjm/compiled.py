"""The kernels handed to numba, lazily: the same source, the same numbers, some hundred times faster."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec, module_from_spec
from inspect import isfunction
from types import ModuleType
from typing import Any

from openpoems.dynamics.kjm import kernels, moments


def available() -> bool:
    """Whether the compiler is installed (`openpoems[dynamics]`)."""
    return find_spec("numba") is not None


@cache
def compiled() -> ModuleType:
    """A second copy of the module `kernels` in which every function is compiled when first called.

    Raises ImportError without numba.
    """
    from numba import njit  # noqa: PLC0415 - takes a second, and only fitting needs it

    arithmetic = _copy(moments, {}, njit)
    return _copy(kernels, vars(arithmetic), njit)


def started() -> bool:
    """Whether the compiler is at work already, so that using it costs no more waiting."""
    return compiled.cache_info().currsize > 0


def _copy(module: ModuleType, known: dict[str, Any], njit: Callable[..., Any]) -> ModuleType:
    """The module executed anew, its functions compiled, those it imported replaced by the compiled ones of `known`."""
    spec = find_spec(module.__name__)
    if spec is None or spec.loader is None:
        raise ImportError("the kernels have no source to compile")
    copy = module_from_spec(spec)
    spec.loader.exec_module(copy)
    for name, function in list(vars(copy).items()):
        if isfunction(function):
            own = function.__module__ == module.__name__
            setattr(copy, name, _compile(njit, function) if own else known.get(name, function))
    return copy


def _compile(njit: Callable[..., Any], function: Callable[..., Any]) -> Any:
    try:
        return njit(cache=True)(function)
    except RuntimeError:  # no folder to keep the machine code in: it is made anew each time
        return njit(function)
