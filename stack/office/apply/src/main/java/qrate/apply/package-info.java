/// The declared state: `apply` brings directory, lists and control files to what a YAML file says, `export` writes that
/// file.
///
/// Receives from: whoever runs `apply` and `export`. Hands to: vpopmail (the directory, by the admin service where it
/// runs), lists (folders of lists), `control/`.
/// Owns: nothing.
/// Promise: the whole file is checked before anything is touched; each change is durable when its line is printed, and
/// a run that was cut off can be run again. What is not named stays, unless `--prune` says otherwise. What `export`
/// wrote, `apply` takes, and finds nothing to do.
/// Trust: the file is its writer's, yet bytes, depth and number of values are bounded, and tags are refused. Passwords
/// and hashes are printed nowhere, but for `export --secrets`.
///
/// Standards: YAML 1.2, qmail-control(5), vpopmail's commands, ezmlm-make(1).
package qrate.apply;
