package qrate.address;

/// Whether an address exists, and may have mail now.
public sealed interface Standing {
    /// Its mail goes to another host, which knows.
    record Elsewhere() implements Standing {}

    /// It exists, or nobody here can tell that it does not.
    record There() implements Standing {}

    /// It does not exist, or all that it leads to does not, or the message can never be delivered to it.
    ///
    /// @param why a status and a text, `5.1.1 sorry…`
    record Missing(String why) implements Standing {}

    /// It exists, and its mail would fail now.
    ///
    /// @param why a status and a text, `4.2.2 sorry…`
    record NotNow(String why) implements Standing {}
}
