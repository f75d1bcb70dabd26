package qrate.address;

/// Who gets the mail, as users/cdb says (qmail-users(5)).
///
/// @param name user name
/// @param uid numeric user
/// @param gid numeric group
/// @param home relative to the maildirs, or absolute below them
/// @param dash `-`, or empty
/// @param ext the extension, case kept
public record User(String name, long uid, long gid, String home, String dash, String ext) {
    /// In place of a uid: whoever we are.
    public static final long OWN = -1;

    /// Who gets what nobody else gets.
    public static User alias(String local) {
        return new User("alias", OWN, OWN, "alias", "-", local);
    }

    /// Whether it is a domain of the directory, whose users are no users of this machine.
    public boolean virtual() {
        return home.startsWith("domains/");
    }
}
