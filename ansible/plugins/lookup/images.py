# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""Images that a release brings."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
name: images
short_description: What an archive of images holds
version_added: 0.2.0
author: Qrate contributors (@qrate)
description:
  - Reads an archive that C(docker save) wrote, as C(./qrate release) makes it, on the control machine, and needs no engine there.
options:
  _terms:
    description: Archives.
    required: true
"""

EXAMPLES = r"""
- name: What is in it?
  ansible.builtin.debug:
    msg: "{{ query('qrate.mail.images', 'dist/qrate-0.2.0-images-amd64.tar') }}"
"""

RETURN = r"""
_raw:
  description: >-
    For each archive a dictionary: each image's name with its tag, and the ids that an engine may know it by. The older store of an engine goes by
    the digest of the image's configuration, that of containerd by the digest of its manifest.
  type: list
  elements: dict
  sample: [{"qrate/smtpd:0.2.0": ["sha256:98a4…"]}]
"""

import json
import re
import tarfile

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

LIST_BYTES_MAX = 4 * 1024 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}\Z")
NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


def read(archive, name):
    """One of the lists in an archive, or None."""
    try:
        member = archive.getmember(name)
    except KeyError:
        return None
    if not member.isfile() or member.size > LIST_BYTES_MAX:
        raise ValueError("%s is no list" % name)
    return json.loads(archive.extractfile(member).read())


def digest(text):
    """An id, of a file's name or of a digest."""
    plain = text.rpartition("/")[2].rpartition(":")[2]
    plain = plain[:-5] if plain.endswith(".json") else plain
    if not DIGEST.match(plain):
        raise ValueError("%s is no id of an image" % text)
    return "sha256:" + plain


def manifests(index):
    """Name and id of each image, as a store of containerd's has them."""
    for one in (index or {}).get("manifests", []):
        for name in NAMES:
            known = one.get("annotations", {}).get(name, "")
            if known:
                yield known.replace("docker.io/", "", 1), digest(one["digest"])


def images(name):
    """What an archive holds."""
    try:
        with tarfile.open(name, "r:") as archive:
            found = {}
            for one in read(archive, "manifest.json") or []:
                for tag in one["RepoTags"] or []:
                    found[tag] = [digest(one["Config"])]
            for tag, other in manifests(read(archive, "index.json")):
                if other not in found.get(tag, [other]):
                    found[tag].append(other)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, tarfile.TarError) as error:
        raise AnsibleError("%s: is no archive of images: %s" % (name, error))
    if not found:
        raise AnsibleError("%s: holds no image with a name" % name)
    return found


class LookupModule(LookupBase):
    """The lookup."""

    def run(self, terms, variables=None, **kwargs):
        """What each archive holds."""
        self.set_options(var_options=variables, direct=kwargs)
        return [images(term) for term in terms]
