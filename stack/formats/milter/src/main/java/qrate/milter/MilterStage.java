package qrate.milter;

import java.util.Optional;

/// The steps of an SMTP session that a milter may be told of, in the order in which they come.
public enum MilterStage {
    /// Somebody connects.
    CONNECT('C', 0, 0, 12, 2, "j _ v {daemon_name} {client_addr} {client_name} {client_ptr}"),
    /// HELO or EHLO.
    HELO('H', 1, 1, 13, 2, "{tls_version} {cipher} {cipher_bits}"),
    /// MAIL.
    MAIL('M', 2, 2, 14, 2, "i {auth_type} {auth_authen} {mail_addr}"),
    /// RCPT.
    RCPT('R', 3, 3, 15, 2, "i {rcpt_addr}"),
    /// DATA.
    DATA('T', 4, 9, 16, 4, "i"),
    /// A field of the header.
    FIELD('L', -1, 5, 7, 2, ""),
    /// The end of the header.
    HEADER_END('N', 6, 6, 18, 2, "i"),
    /// A piece of the body.
    BODY('B', -1, 4, 19, 2, ""),
    /// The end of the body: the milter says what becomes of the message. It is always told and always answers.
    BODY_END('E', 5, -1, -1, 2, "i"),
    /// A command that the SMTP server does not know.
    UNKNOWN('U', -1, 8, 17, 3, "");

    private final char code;
    private final int symbols;
    private final int unwanted;
    private final int unanswered;
    private final int version;
    private final String usual;

    MilterStage(char code, int symbols, int unwanted, int unanswered, int version, String usual) {
        this.code = code;
        this.symbols = symbols;
        this.unwanted = unwanted;
        this.unanswered = unanswered;
        this.version = version;
        this.usual = usual;
    }

    /// The command's letter (SMFIC_*).
    char code() {
        return code;
    }

    /// The step's number in a list of macros (SMFIM_*); negative where it has none.
    int symbols() {
        return symbols;
    }

    /// The bit by which a milter says that it does not want to be told (SMFIP_NO*); none at the body's end.
    public int unwanted() {
        return unwanted < 0 ? 0 : 1 << unwanted;
    }

    /// The bit by which a milter says that it will not answer (SMFIP_NR_*); none at the body's end.
    public int unanswered() {
        return unanswered < 0 ? 0 : 1 << unanswered;
    }

    /// The version of the protocol that brought it.
    int version() {
        return version;
    }

    /// The macros that are sent to a milter that asks for none by name, as Postfix has them by default, with
    /// the client's address and names beside them.
    String usual() {
        return usual;
    }

    static Optional<MilterStage> of(char code) {
        for (MilterStage stage : values()) {
            if (stage.code == code) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }

    static Optional<MilterStage> ofSymbols(int number) {
        for (MilterStage stage : values()) {
            if (stage.symbols == number && number >= 0) {
                return Optional.of(stage);
            }
        }
        return Optional.empty();
    }
}
