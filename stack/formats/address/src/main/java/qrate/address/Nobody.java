package qrate.address;

/// What happens to mail for an address of the directory that nobody has (vpopmail).
public sealed interface Nobody {
    /// It is refused.
    record Bounce() implements Nobody {}

    /// It is thrown away.
    record Delete() implements Nobody {}

    /// It goes to an address.
    record To(String address) implements Nobody {}

    /// It goes into a Maildir, or that of a user's folder.
    record Into(String path) implements Nobody {}

    /// As vdelivermail's second argument says it (vpopmail).
    static Nobody of(String argument) {
        return switch (argument) {
            case "bounce-no-mailbox" -> new Bounce();
            case "delete" -> new Delete();
            default -> argument.startsWith("/") ? new Into(argument) : new To(argument);
        };
    }
}
