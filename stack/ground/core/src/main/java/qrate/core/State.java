package qrate.core;

import java.nio.file.Path;
import java.util.Map;

/// Where everything lives below one folder: `/var/qmail` in containers, `./var` on the host (`QRATE_STATE`).
///
/// @param root the folder
public record State(Path root) {
    /// From `QRATE_STATE`, else `/var/qmail`.
    public static State of(Map<String, String> environment) {
        return new State(
                Path.of(environment.getOrDefault("QRATE_STATE", "/var/qmail")).toAbsolutePath());
    }

    /// qmail-control(5).
    public Path control() {
        return root.resolve("control");
    }

    /// Snapshots of the directory: `cdb` and `assign` (qmail-users(5)), `domains/DOMAIN/…`.
    public Path users() {
        return root.resolve("users");
    }

    /// Password snapshots, for those who check passwords.
    public Path passwords() {
        return root.resolve("passwords");
    }

    /// The password oracle's own: its socket, and what it remembers.
    public Path vchkpw() {
        return root.resolve("vchkpw");
    }

    /// Private keys that mail is signed with: `DOMAIN/SELECTOR.pem`.
    public Path keys() {
        return root.resolve("keys");
    }

    /// The signer's own: its socket.
    public Path signer() {
        return root.resolve("signer");
    }

    /// The gate's own: what it must remember.
    public Path gate() {
        return root.resolve("gate");
    }

    /// vpopmail's home: `domains/DOMAIN/USER/Maildir`; also `alias/`.
    public Path maildirs() {
        return root.resolve("maildirs");
    }

    /// The journal, the ledger.
    public Path queue() {
        return root.resolve("queue");
    }

    /// A file that stands there while a restore is not over: nothing may start on the state until then.
    public Path restoring() {
        return queue().resolve("restoring");
    }

    /// `cert.pem` (chain) and `key.pem` (PKCS #8).
    public Path tls() {
        return root.resolve("tls");
    }

    /// The database of admin.
    public Path db() {
        return root.resolve("db");
    }

    /// Local control sockets, shared between send and admin only.
    public Path run() {
        return root.resolve("run");
    }
}
