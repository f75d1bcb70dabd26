# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""Names as the control machine sees them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: dns
short_description: Asks a resolver
version_added: 0.2.0
author: Qrate contributors (@qrate)
description:
  - Asks a resolver of the control machine's, or the one named, for A, AAAA, MX or PTR records, and needs nothing but Python.
  - A name that does not exist, or has none of these records, gives an empty list; a resolver that does not answer is an error.
options:
  _terms:
    description: Names; addresses with C(type=PTR).
    required: true
  type:
    description: Kind of the records.
    type: str
    choices: [A, AAAA, MX, PTR]
    default: A
  resolver:
    description: C(ADDRESS) or C(ADDRESS:PORT); without one the first of C(/etc/resolv.conf).
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Where does mail for the domain go?
  ansible.builtin.debug:
    msg: "{{ query('qrate.mail.dns', 'example.org', type='MX') }}"
"""

RETURN = r"""
_raw:
  description: Addresses; host names in small letters, without the last dot; of MX records the host only, best first.
  type: list
  elements: str
"""

import ipaddress
import os
import socket
import struct

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

KINDS = dict(A=1, PTR=12, MX=15, AAAA=28)
SECONDS_TO_ANSWER = 3
TRIES_MAX = 3
MESSAGE_BYTES_MAX = 65535
POINTERS_MAX = 32
NO_ERROR, NO_NAME = 0, 3


class Nonsense(Exception):
    """What a resolver sent is no answer to the question."""


def question(number, name, kind):
    """One question, recursion desired (RFC 1035 section 4.1)."""
    wire = struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0)
    for label in name.rstrip(".").split("."):
        part = label.encode("idna") if label else b""
        if not part or len(part) > 63:
            raise AnsibleError("%s: is no name for DNS" % name)
        wire += struct.pack("!B", len(part)) + part
    return wire + b"\0" + struct.pack("!HH", kind, 1)


def name_at(wire, at):
    """A name and where it ends; pointers only lead a bounded number of times (RFC 1035 section 4.1.4)."""
    labels, end, jumps = [], None, 0
    while True:
        length = wire[at]
        if length >= 0xC0:
            end = at + 2 if end is None else end
            at = struct.unpack_from("!H", wire, at)[0] & 0x3FFF
            jumps += 1
            if jumps > POINTERS_MAX:
                raise Nonsense("a name that does not end")
        elif length == 0:
            return ".".join(labels).lower(), (at + 1 if end is None else end)
        else:
            label = wire[at + 1 : at + 1 + length]
            if len(label) < length:
                raise Nonsense("a name that is cut")
            labels.append(label.decode("ascii", "backslashreplace"))
            at += 1 + length


def records(wire, number, kind):
    """The records of one kind in an answer."""
    try:
        got, flags, questions, answers = struct.unpack_from("!HHHH", wire, 0)
        if got != number or not flags & 0x8000:
            raise Nonsense("another answer")
        if flags & 0xF not in (NO_ERROR, NO_NAME):
            raise Nonsense("error %d" % (flags & 0xF))
        at, found = 12, []
        for _one in range(questions):
            at = name_at(wire, at)[1] + 4
        for _one in range(answers):
            at = name_at(wire, at)[1]
            is_kind, _class, _ttl, length = struct.unpack_from("!HHIH", wire, at)
            at += 10
            if is_kind == kind:
                found.append(record(wire, at, length, kind))
            at += length
    except (struct.error, IndexError):
        raise Nonsense("bytes that are no DNS message")
    return [text for _rank, text in sorted(found)]


def record(wire, at, length, kind):
    """Rank and text of one."""
    if kind in (KINDS["A"], KINDS["AAAA"]):
        return 0, str(ipaddress.ip_address(bytes(wire[at : at + length])))
    if kind == KINDS["MX"]:
        return struct.unpack_from("!H", wire, at)[0], name_at(wire, at + 2)[0]
    return 0, name_at(wire, at)[0]


def over_tcp(where, family, wire):
    """The same question where the answer is too long for a datagram."""
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.settimeout(SECONDS_TO_ANSWER)
        door.connect(where)
        door.sendall(struct.pack("!H", len(wire)) + wire)
        with door.makefile("rb") as answer:
            head = answer.read(2)
            return answer.read(struct.unpack("!H", head)[0]) if len(head) == 2 else b""


def ask(where, name, kind):
    """What a resolver says; asks again where nothing comes."""
    number = struct.unpack("!H", os.urandom(2))[0]
    wire = question(number, name, kind)
    family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
    why = "no answer"
    for _try in range(TRIES_MAX):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as door:
                door.settimeout(SECONDS_TO_ANSWER)
                door.connect(where)
                door.send(wire)
                answer = door.recv(MESSAGE_BYTES_MAX)
            if len(answer) > 3 and answer[2] & 0x02:
                answer = over_tcp(where, family, wire)
            return records(answer, number, kind)
        except (OSError, Nonsense) as error:
            why = str(error) or type(error).__name__
    raise AnsibleError("the resolver %s port %d does not answer for %s: %s" % (where[0], where[1], name, why))


def resolver(text):
    """Address and port of `ADDRESS`, `ADDRESS:PORT` or `[ADDRESS]:PORT`; of the system's for nothing."""
    if not text:
        with open("/etc/resolv.conf", encoding="utf-8", errors="replace") as file:
            named = [line.split()[1] for line in file if line.startswith("nameserver") and len(line.split()) > 1]
        if not named:
            raise AnsibleError("/etc/resolv.conf names no resolver: set qrate_resolver")
        return named[0], 53
    if text.startswith("["):
        address, _bracket, port = text[1:].partition("]")
        return address, int(port[1:] or 53)
    if text.count(":") == 1:
        address, _colon, port = text.partition(":")
        return address, int(port)
    return text, 53


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms, variables=None, **kwargs):
        """What the resolver says to each name, one after the other."""
        self.set_options(var_options=variables, direct=kwargs)
        where = resolver(self.get_option("resolver"))
        kind = self.get_option("type")
        found = []
        for term in terms:
            name = ipaddress.ip_address(term).reverse_pointer if kind == "PTR" else term
            found += ask(where, name, KINDS[kind])
        return found
