#!/usr/bin/python
# Copyright: Qrate contributors
# Apache-2.0 (see LICENSE in the repository, or https://www.apache.org/licenses/LICENSE-2.0)
"""Images of Qrate in an engine."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
module: qrate_images
short_description: Gives an engine the images of a release
version_added: 0.2.0
description:
  - Sees to it that names stand for certain images, compared by id. What is missing is loaded from an archive, or fetched from a registry by digest.
  - Under the tag C(kept-RELEASE) each stays, whatever is tagged later, until O(kept) does not name the release any more.
author: Qrate contributors (@qrate)
attributes:
  check_mode:
    description: Says what would change and changes nothing. Where there is no engine yet, everything would.
    support: full
  diff_mode:
    description: Shows the ids before and after.
    support: full
options:
  images:
    description:
      - For each name with its tag either a list of the ids that it may have, as the lookup C(qrate.mail.images) gives them, or where it is
        fetched from, C(HOST/PREFIX/NAME@sha256:…).
    type: dict
    required: true
  archive:
    description: A file on the machine that C(docker save) wrote; without it nothing is loaded, and what is missing is only said.
    type: path
  release:
    description: What the images belong to; empty for nothing.
    type: str
    default: ""
  kept:
    description: Other releases whose images stay. Without it all do.
    type: list
    elements: str
  program:
    description: The engine's client.
    type: str
    default: docker
"""

EXAMPLES = r"""
- name: Images of the release
  qrate.mail.qrate_images:
    images: "{{ lookup('qrate.mail.images', 'dist/qrate-0.2.0-images-amd64.tar') }}"
    archive: /var/tmp/images.tar
    release: 0.2.0
"""

RETURN = r"""
missing:
  description: Names whose image the engine does not have, or did not have in check mode.
  returned: success
  type: list
  elements: str
"""

import json
import re

from ansible.module_utils.basic import AnsibleModule

KEPT = "kept-"
FETCHED = re.compile(r"[a-z0-9][A-Za-z0-9._:/-]{0,400}@sha256:[0-9a-f]{64}\Z")
ID = re.compile(r"sha256:[0-9a-f]{64}\Z")
NAME = re.compile(r"[a-z0-9][a-z0-9._/-]{0,200}:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\Z")


class Engine(object):
    """The engine, by its client."""

    def __init__(self, module):
        self.module = module
        self.program = module.get_bin_path(module.params["program"])
        self.answers = bool(self.program) and self._run("version", "--format", "{{.Server.Version}}")[0] == 0

    def _run(self, *arguments):
        return self.module.run_command([self.program] + list(arguments))

    def must(self, *arguments):
        """Runs what has to work."""
        code, out, err = self._run(*arguments)
        if code:
            self.module.fail_json(msg="%s %s: %s" % (self.program, arguments[0], (err or out).strip()), rc=code)
        return out

    def id_of(self, name):
        """The id that a name stands for, or nothing."""
        code, out, _err = self._run("image", "inspect", name)
        if code:
            return ""
        return json.loads(out)[0]["Id"]

    def tags(self, repository):
        """All tags of one."""
        return self.must("image", "ls", "--format", "{{.Tag}}", repository).split()


def check(module):
    """Ends with what is wrong with the wish."""
    for name, wish in module.params["images"].items():
        fetched = not isinstance(wish, list) and FETCHED.match(str(wish))
        given = isinstance(wish, list) and wish and all(ID.match(str(one)) for one in wish)
        if not NAME.match(name) or not (fetched or given):
            module.fail_json(msg="images: %s: must be a list of ids, or HOST/PREFIX/NAME@sha256:DIGEST" % name)


def found(engine, wish):
    """The id of an image that the engine has, whatever it is called; or nothing."""
    candidates = wish if isinstance(wish, list) else [wish]
    for one in candidates:
        known = engine.id_of(one)
        if known:
            return known
    return ""


def fetch(module, engine, missing):
    """Brings what is missing."""
    images = module.params["images"]
    for name in missing:
        if not isinstance(images[name], list):
            engine.must("pull", "--quiet", images[name])
    if module.params["archive"] and any(isinstance(images[name], list) for name in missing):
        engine.must("load", "--quiet", "--input", module.params["archive"])


def tags(module, engine):
    """Each other tag that an image of the wish shall have, and its id; then all that go."""
    params = module.params
    more, gone = {}, []
    for name, wish in params["images"].items():
        repository = name.rpartition(":")[0]
        if params["release"]:
            more["%s:%s%s" % (repository, KEPT, params["release"])] = wish
        if params["kept"] is not None and engine.answers:
            stay = [KEPT + one for one in params["kept"] + [params["release"]]]
            gone += [repository + ":" + tag for tag in engine.tags(repository) if tag.startswith(KEPT) and tag not in stay]
    return more, gone


def main():
    """Runs the module."""
    module = AnsibleModule(
        argument_spec=dict(
            images=dict(type="dict", required=True),
            archive=dict(type="path"),
            release=dict(type="str", default=""),
            kept=dict(type="list", elements="str"),
            program=dict(type="str", default="docker"),
        ),
        supports_check_mode=True,
    )
    check(module)
    engine = Engine(module)
    if not engine.answers and not module.check_mode:
        module.fail_json(msg="no engine answers to %s" % module.params["program"])
    more, gone = tags(module, engine)
    wanted = dict(module.params["images"], **more)
    before = dict((name, engine.id_of(name) if engine.answers else "") for name in wanted)
    known = dict((name, found(engine, wish) if engine.answers else "") for name, wish in wanted.items())
    missing = sorted(name for name in module.params["images"] if not known[name])
    if missing and not module.check_mode:
        fetch(module, engine, missing)
        known = dict((name, found(engine, wish)) for name, wish in wanted.items())
        absent = sorted(name for name in module.params["images"] if not known[name])
        if absent:
            module.fail_json(msg="%s: the engine does not have the image, and nothing brought it" % ", ".join(absent))
    after = dict((name, known[name] or "(loaded)") for name in wanted)
    if not module.check_mode:
        for name in sorted(wanted):
            if before[name] != known[name]:
                engine.must("tag", known[name], name)
        for name in gone:
            engine.must("image", "rm", name)
    before.update((name, "(there)") for name in gone)
    module.exit_json(changed=before != after, missing=missing, diff=dict(before=before, after=after))


if __name__ == "__main__":
    main()
