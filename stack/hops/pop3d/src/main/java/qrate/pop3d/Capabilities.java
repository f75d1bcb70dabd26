package qrate.pop3d;

/// What CAPA tells (RFC 2449).
final class Capabilities {
    private Capabilities() {}

    /// The whole reply but its last line ending.
    ///
    /// @param startTls whether STLS is offered
    static String text(Pop3Order.Door door, boolean startTls) {
        return "+OK capabilities follow\r\n"
                + (door.login() ? "USER\r\nSASL PLAIN\r\n" : "")
                + (startTls ? "STLS\r\n" : "")
                + "TOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nEXPIRE NEVER\r\nUTF8\r\n"
                + "IMPLEMENTATION Qrate\r\n.";
    }
}
