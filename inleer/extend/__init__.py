"""Plugins: the hooks, the frozen records they return, and the registry that the rest of the core reads."""

from inleer.extend.manager import PluginError, build_registry, installed, load, manifests
from inleer.extend.registry import Owned, Plugin, Registry, is_active
from inleer.extend.specs import hookimpl
from inleer.extend.types import API_VERSION, CORE, Manifest

__all__ = [
    "API_VERSION",
    "CORE",
    "Manifest",
    "Owned",
    "Plugin",
    "PluginError",
    "Registry",
    "build_registry",
    "hookimpl",
    "installed",
    "is_active",
    "load",
    "manifests",
]
