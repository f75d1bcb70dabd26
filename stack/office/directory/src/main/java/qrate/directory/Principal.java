package qrate.directory;

/// Somebody who has signed in.
public sealed interface Principal {
    /// Login name: of an administrator without `@`, else an address.
    String name();

    /// May do everything.
    record Administrator(String name) implements Principal {}

    /// May administer one domain.
    ///
    /// @param name address of the mailbox
    /// @param domain its domain
    record Postmaster(String name, String domain) implements Principal {}

    /// May change what concerns the mailbox.
    ///
    /// @param name address of the mailbox
    record Owner(String name) implements Principal {}
}
