"""Which addresses belong to everybody. Pure.

Not a list of what is forbidden but of what is allowed: the rest of the Internet changes more
slowly than the ways to write "this machine".
"""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Public by the registries, yet answered by the machine's own host or provider.
_NOT_FOR_US: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # a cloud's own services, from inside its machines
        "192.0.0.0/24",  # IETF protocol assignments, another cloud's metadata among them
        "192.88.99.0/24",  # relays of 6to4
        "224.0.0.0/4",  # to many at once
        "240.0.0.0/4",
    )
)
# All of IPv6 that is handed out to anybody …
_UNICAST = IPv6Network("2000::/3")
# … without what carries an IPv4 address or is for documentation.
_TUNNELS: tuple[Network, ...] = tuple(
    ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(text: str) -> bool:
    """Whether an IP address is one of the open Internet's: not this machine, not a private,
    shared (CGNAT), link-local, reserved or metadata network, and nothing that hides one of
    these in an IPv6 address. False for what is no address."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None or address.scope_id is not None:
            return False
        if address not in _UNICAST or _lies_in(address, _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not _lies_in(address, _NOT_FOR_US)


def _lies_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(one.version == address.version and address in one for one in networks)
