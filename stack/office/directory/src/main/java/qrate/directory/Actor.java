package qrate.directory;

/// Whoever changes something, for the audit log.
///
/// @param name of an account, or of a program on this host
/// @param from address of the client; empty for this host
public record Actor(String name, Door door, String from) {
    /// How somebody comes in.
    public enum Door {
        /// the pages, with a session
        PAGE("page"),
        /// the REST API, with a token
        REST("REST"),
        /// a command on this host
        COMMAND("command"),
        /// a login to POP3 or SMTP
        LOGIN("login");

        private final String word;

        Door(String word) {
            this.word = word;
        }

        /// As the audit log spells it.
        public String word() {
            return word;
        }
    }

    /// A program on this host.
    public static Actor program(String name) {
        return new Actor(name, Door.COMMAND, "");
    }

    /// The same door, with another name.
    Actor named(String other) {
        return new Actor(other, door, from);
    }
}
