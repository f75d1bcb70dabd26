#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""A certificate that an administrator brings."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_certificate
short_description: Gives Qrate a certificate and its key
version_added: 0.2.0
description:
  - Writes C(cert.pem) and C(key.pem) into the folder C(tls) of a state, as the owner of that folder, so that the two fit each other at every moment.
  - Before that a client's side of TLS looks at them. A certificate that has ended, is not for the name, or does not belong to the key is refused.
author: Qrate contributors (@qrate)
attributes:
  check_mode:
    description: Says what would change and changes nothing.
    support: full
  diff_mode:
    description: Shows SHA-256 of the certificates before and after, and whether the key is another.
    support: full
options:
  folder:
    description: The folder C(tls) of the state, such as C(/var/lib/qrate/tls).
    type: path
    required: true
  certificate:
    description: The certificate in PEM, with those of its chain behind it.
    type: str
    required: true
  key:
    description: Its key in PEM, without a password.
    type: str
    required: true
  name:
    description: The name that clients call the machine by.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: The certificate of our own CA
  qrate.mail.qrate_certificate:
    folder: /var/lib/qrate/tls
    certificate: "{{ lookup('file', 'mail.pem') }}"
    key: "{{ lookup('file', 'mail.key') }}"
    name: mail.example.org
"""

RETURN = r"""
certificates:
  description: SHA-256 of each certificate, in the order of the file.
  returned: success
  type: list
  elements: str
"""

import hashlib
import os
import re
import ssl
import stat
import tempfile

from ansible.module_utils.basic import AnsibleModule

FILE_BYTES_MAX = 1024 * 1024
CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n?")
PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN; named in Python 3.10
ROUNDS_MAX = 20


def lent(text):
    """A file that only this process knows, with a text in it."""
    file = tempfile.NamedTemporaryFile()
    file.write(text.encode("utf-8"))
    file.flush()
    return file


def no_password(*_unused):
    raise ValueError("the key has a password, which nobody would type here")


def ends(certificate, key):
    """A server that has the two, and a client that believes nobody else."""
    with lent(certificate) as chain, lent(key) as secret:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(chain.name, secret.name, password=no_password)
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.verify_flags |= PARTIAL_CHAIN
    client.load_verify_locations(cadata=certificate)
    return server, client


def objection(certificate, key, name):
    """What a client would say against it, or nothing: both sides of a handshake, in memory."""
    try:
        server, client = ends(certificate, key)
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        sides = [
            client.wrap_bio(down, up, server_hostname=name),
            server.wrap_bio(up, down, server_side=True),
        ]
        for _round in range(ROUNDS_MAX):
            for side in list(sides):
                try:
                    side.do_handshake()
                    sides.remove(side)
                except ssl.SSLWantReadError:
                    pass
            if not sides:
                return ""
        return "the handshake does not end"
    except ssl.SSLCertVerificationError as error:
        return error.verify_message.rstrip(".")
    except (ssl.SSLError, ValueError) as error:
        unlike = any(word in str(error) for word in ("MISMATCH", "NO_CERTIFICATE_ASSIGNED"))
        return "certificate and key do not belong together" if unlike else str(error)


def go_into(folder):
    """From here on nothing is read or written that the folder's owner could not read or write: a name there may be a link to a file of root's."""
    os.chdir(folder)
    here, there = os.stat("."), os.lstat(folder)
    by_root = stat.S_ISLNK(there.st_mode) and there.st_uid == 0  # to another disk
    if not by_root and not os.path.samestat(here, there):
        raise OSError("%s is a link, and should be a folder" % folder)
    if os.geteuid() == 0 and here.st_uid != 0:
        os.setgroups([])
        os.setegid(here.st_gid)
        os.seteuid(here.st_uid)


def content(name):
    """Of a file; empty when there is none."""
    try:
        with open(name, "r") as file:
            return file.read(FILE_BYTES_MAX)
    except (IOError, OSError):
        return ""


def write(name, text, mode):
    """As a whole or not at all, on the disk when it returns."""
    fresh = name + ".new"
    if os.path.lexists(fresh):
        os.unlink(fresh)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(fresh, name)
    folder = os.open(".", os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def sums(pem):
    return [hashlib.sha256(ssl.PEM_cert_to_DER_cert(one.strip())).hexdigest() for one in CERTIFICATE.findall(pem)]


def seen(pem):
    try:
        return sums(pem)
    except ValueError:
        return ["(cannot be read)"]


def put(params, before):
    """Both keys stand there until the certificate is the new one: the doors take that which fits."""
    os.umask(0o022)
    write("key.pem", params["key"] + before["key"], 0o640)
    write("cert.pem", params["certificate"], 0o644)
    write("key.pem", params["key"], 0o640)


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            folder=dict(type="path", required=True),
            certificate=dict(type="str", required=True),
            key=dict(type="str", required=True, no_log=True),
            name=dict(type="str", required=True),
        ),
        supports_check_mode=True,
    )
    params = module.params
    for name in ("certificate", "key"):
        params[name] = params[name].strip() + "\n"
    why = objection(params["certificate"], params["key"], params["name"])
    if why:
        module.fail_json(msg="the certificate cannot be used for %s: %s. Nothing was touched." % (params["name"], why))
    folder = params["folder"]
    before = dict(key="", certificate="")
    if os.path.isdir(folder):
        try:
            go_into(folder)
        except OSError as error:
            module.fail_json(msg=str(error))
        before = dict(key=content("key.pem"), certificate=content("cert.pem"))
    elif not module.check_mode:
        module.fail_json(msg="%s is not there: has Qrate been started?" % folder)
    other_key = before["key"] != params["key"]
    changed = other_key or before["certificate"] != params["certificate"]
    if changed and not module.check_mode:
        try:
            put(params, before)
        except (IOError, OSError) as error:
            module.fail_json(msg="%s: %s" % (folder, error))
    after = dict(certificates=sums(params["certificate"]), key="(another)" if other_key else "(as it was)")
    module.exit_json(
        changed=changed,
        certificates=after["certificates"],
        diff=dict(before=dict(certificates=seen(before["certificate"]), key="(as it was)"), after=after),
    )


if __name__ == "__main__":
    main()
