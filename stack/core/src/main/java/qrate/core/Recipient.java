package qrate.core;

/// One envelope recipient.
///
/// @param address the address as given, `local@domain`, without angle brackets; checked by {@link Envelope}
/// @param parameters ESMTP parameters that belong to it, as they stood on the RCPT line separated by one space
///     (RFC 3461 §4.1 and §4.2: `NOTIFY=… ORCPT=…`), or empty
public record Recipient(String address, String parameters) {
    public Recipient {
        Envelope.check(address);
        Envelope.check(parameters);
    }

    /// A recipient without parameters.
    public static Recipient of(String address) {
        return new Recipient(address, "");
    }
}
