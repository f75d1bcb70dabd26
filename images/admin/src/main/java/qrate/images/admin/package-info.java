/// The image of `admin`: the directory's owner, with pages, REST and vpopmail's commands; and `init`, the first run.
///
/// Receives from: browsers and commands on 8080. Hands to: the snapshots that the other services read.
/// Owns: `db`, `users`, `passwords`.
/// Promise: wiring only; what each part promises stands in its own package.
/// Trust: writes `control`; makes and removes boxes in `maildirs`; speaks with send by its control socket.
///
/// Standards: see `qrate.admin`, `qrate.directory` and `qrate.provisioning`.
package qrate.images.admin;
