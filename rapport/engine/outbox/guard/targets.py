"""From a URL to the addresses that may be connected to, and what the owner of this installation allows beyond."""

import os
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import httpx
from django.utils.translation import gettext as _

from rapport.engine.outbox.guard.addresses import Address, is_public
from rapport.engine.outbox.guard.refusal import Refused

VARIABLE = "RAPPORT_ALLOWED_TARGETS"
PORTS = {"http": 80, "https": 443}
OPEN_PORTS = frozenset({80, 443, 8080, 8443})
# Decimal, octal and hexadecimal ways to write an IPv4 address, which resolvers still understand.
NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.I)
ENTRY = re.compile(
    r"\[(?P<six>[^\]]+)\](?::(?P<port6>\d+))?|(?P<host>[^:\s]+)(?::(?P<port>\d+))?|(?P<bare6>[0-9a-f:/]+)"
)

Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Allowed:
    """Targets within the own network that the owner names: host names, addresses or networks, each with a port or not.

    `RAPPORT_ALLOWED_TARGETS="hooks.internal:9000, 10.0.0.5, 192.168.1.0/24:8080"`
    """

    names: frozenset[tuple[str, int | None]] = frozenset()
    networks: frozenset[tuple[IPv4Network | IPv6Network, int | None]] = frozenset()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Allowed":
        """Read the variable. Raises ValueError for an entry that says nothing sensible."""
        names, networks = set(), set()
        for entry in filter(None, map(str.strip, environ.get(VARIABLE, "").split(","))):
            match = ENTRY.fullmatch(entry.lower())
            if match is None:
                raise ValueError(f"{VARIABLE}: {entry!r} is neither a host name, an address nor a network.")
            host = match["six"] or match["bare6"] or match["host"]
            port = int(match["port6"] or match["port"] or 0) or None
            try:
                networks.add((ip_network(host), port))
            except ValueError:
                names.add((host.rstrip("."), port))
        return cls(frozenset(names), frozenset(networks))

    def name(self, host: str, port: int) -> bool:
        """Whether a host may be called by its name, wherever that points."""
        return (host, port) in self.names or ((host, None) in self.names and port in OPEN_PORTS)

    def address(self, address: Address, port: int) -> bool:
        return any(
            address in network and (port == only if only else port in OPEN_PORTS) for network, only in self.networks
        )

    def port(self, port: int) -> bool:
        """Whether any entry names this port; whose it is decides the address."""
        return any(only == port for _target, only in (*self.names, *self.networks))


def check_url(url: httpx.URL, allowed: Allowed) -> None:
    """Refuse what can be seen without asking a name server. Raises Refused."""
    if url.scheme not in PORTS:
        raise Refused(_("Only http and https addresses can be called, not %(url)s.") % {"url": url})
    if not url.host:
        raise Refused(_("The address %(url)s names no host.") % {"url": url})
    if url.userinfo:
        raise Refused(_("An address with a user name or password in it cannot be called."))
    port = url.port or PORTS[url.scheme]
    if port not in OPEN_PORTS and not allowed.port(port):
        raise Refused(_("Port %(port)s cannot be called.") % {"port": port})


def resolve_safely(host: str, port: int, *, allowed: Allowed, resolver: Resolver | None = None) -> list[str]:
    """The addresses of a host, all of them checked. Raises Refused if one of them may not be called."""
    name = host.lower().rstrip(".")
    literal = _literal(name)
    if literal is None and (NUMERIC.fullmatch(name) or "%" in name):
        raise Refused(_("%(host)s is an unusual way to write an address and cannot be called.") % {"host": host})
    found = [str(literal)] if literal else (resolver or look_up)(name, port)
    if not found:
        raise Refused(_("The host %(host)s is not known.") % {"host": host})
    if not allowed.name(name, port):
        for address in map(ip_address, found):
            if not allowed.address(address, port) and not (is_public(address) and port in OPEN_PORTS):
                raise Refused(
                    _("%(host)s leads to an address of this network (%(address)s) and cannot be called.")
                    % {"host": host, "address": address}
                )
    return found


def look_up(host: str, port: int) -> list[str]:
    """Ask the name server."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (socket.gaierror, UnicodeError):
        return []
    return list(dict.fromkeys(str(address[0]) for *_rest, address in found))


def _literal(name: str) -> Address | None:
    try:
        return ip_address(name.strip("[]"))
    except ValueError:
        return None
