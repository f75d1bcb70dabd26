package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Database.Tx;

/// Passkeys: keys of authenticators, by which people sign in to the pages, alone or beside the password (Web
/// Authentication Level 2).
///
/// An authenticator is asked for no attestation: which make it is does not matter here. What its owner's browser says
/// of
/// a new key is therefore as much as its owner says, and the key's form that the browser hands over is taken
/// (§5.2.1.1).
public final class Passkeys {
    /// Most of one holder.
    public static final int MAX = 20;

    /// Longest label, in characters.
    public static final int LABEL_CHARS_MAX = 100;

    /// How long a question waits for its answer.
    public static final Duration ANSWER_WAIT_MAX = Duration.ofMinutes(5);

    /// What is asked for, as COSE numbers them, with blanks between.
    public static final String ALGORITHMS = PasskeyKey.ALGORITHMS;

    private static final int HANDLE_BYTES = 32;

    /// Longest text that a browser says: origin and challenge, and what browsers to come may add (§5.8.1).
    private static final int SAID_BYTES_MAX = 4096;

    private final Database database;
    private final InstantSource clock;

    Passkeys(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// One that is there.
    ///
    /// @param id names it, and opens nothing
    /// @param site name of the host that it was made at
    /// @param used when last; {@link Instant#EPOCH} for never
    public record Listed(String id, String label, String site, Instant created, Instant used) {}

    /// Where somebody is asked.
    ///
    /// @param name of the host, without a port
    /// @param origin what the address of each page there begins with
    public record Site(String name, String origin) {
        /// The site that a browser has in its address line, where a passkey can be: over TLS, or on the same machine.
        ///
        /// @param host as the browser names it, perhaps with a port
        public static Site of(String host) {
            String small = host.toLowerCase(Locale.ROOT);
            int port = small.lastIndexOf(':');
            String name = port < 0 ? small : small.substring(0, port);
            String shown = small.endsWith(":443") ? name : small;
            return new Site(name, (name.equals("localhost") ? "http://" : "https://") + shown);
        }
    }

    /// What an authenticator is to sign.
    ///
    /// @param text in Base64 (RFC 4648 §5); nobody can guess it
    public record Challenge(String text, Instant issued) {}

    /// What a browser hands over of a new key; texts in Base64.
    ///
    /// @param said by the browser
    /// @param authenticator what it said
    public record Made(String said, String authenticator, String key) {}

    /// What a browser hands over of a signature; texts in Base64.
    ///
    /// @param id of the key
    /// @param said by the browser
    /// @param authenticator what it said
    public record Answer(String id, String said, String authenticator, String signature) {}

    /// Those of a holder, oldest first.
    public List<Listed> of(String holder) throws IOException {
        return database.call(tx -> of(tx, holder));
    }

    static List<Listed> of(Tx tx, String holder) throws SQLException {
        return tx.list(
                "SELECT digest, label, site, created, used_at FROM passkeys WHERE holder = ? ORDER BY created, digest",
                row -> new Listed(
                        row.getString(1).substring(0, Tokens.ID_CHARS),
                        row.getString(2),
                        row.getString(3),
                        Instant.ofEpochMilli(row.getLong(4)),
                        Instant.ofEpochMilli(row.getLong(5))),
                holder);
    }

    /// Ids of a holder's keys that a browser may be asked for at a site.
    public List<String> ids(String holder, Site site) throws IOException {
        return database.call(tx -> tx.list(
                "SELECT credential FROM passkeys WHERE holder = ? AND site = ? ORDER BY created, digest",
                row -> row.getString(1),
                holder,
                site.name));
    }

    /// The name by which authenticators know a holder: the one that they know, or a new one.
    public String handle(String holder, SecureRandom random) throws IOException {
        byte[] fresh = new byte[HANDLE_BYTES];
        random.nextBytes(fresh);
        return database.call(tx -> tx.one(
                        "SELECT MIN(handle) FROM passkeys WHERE holder = ?",
                        row -> Rows.orEmpty(row.getString(1)),
                        holder))
                .filter(known -> !known.isEmpty())
                .orElse(Base64.getUrlEncoder().withoutPadding().encodeToString(fresh));
    }

    /// A new key, where everything about it is as it must be (§7.1).
    ///
    /// @param handle by which the authenticator was told to know its holder
    /// @param label what its owner calls it
    public Optional<Passkey> made(Made made, Site site, Challenge challenge, String handle, String label) {
        Optional<AuthenticatorData> data = bytes(made.authenticator).flatMap(AuthenticatorData::parse);
        boolean ours = says(made.said, "webauthn.create", site, challenge)
                && data.filter(one -> isOf(one, site)
                                && one.present()
                                && !one.credential().isEmpty())
                        .isPresent();
        Optional<byte[]> key =
                bytes(made.key).filter(bytes -> PasskeyKey.parse(bytes).isPresent());
        return ours && key.isPresent()
                ? Optional.of(new Passkey(
                        label,
                        new Passkey.Credential(site.name, data.get().credential(), handle),
                        Base64.getEncoder().encodeToString(key.get()),
                        data.get().counter()))
                : Optional.empty();
    }

    private record Row(String digest, String holder, String site, String key, long counter) {}

    private static Row row(ResultSet row) throws SQLException {
        return new Row(row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getLong(5));
    }

    /// Whose signature it is (§7.2); empty where it is nobody's, or was taken before.
    ///
    /// @param verified whether the authenticator must have made sure of who is there
    public Optional<String> holder(Answer answer, Site site, Challenge challenge, boolean verified) throws IOException {
        Optional<byte[]> signature = bytes(answer.signature);
        Optional<byte[]> signed = bytes(answer.authenticator);
        Optional<AuthenticatorData> data = signed.flatMap(AuthenticatorData::parse);
        if (signature.isEmpty()
                || data.isEmpty()
                || !says(answer.said, "webauthn.get", site, challenge)
                || !isOf(data.get(), site)
                || !data.get().present()
                || (verified && !data.get().verified())) {
            return Optional.empty();
        }
        Optional<Row> found = database.call(tx -> tx.one(
                "SELECT digest, holder, site, public_key, counter FROM passkeys WHERE digest = ? AND site = ?",
                Passkeys::row,
                Tokens.sha256(answer.id),
                site.name));
        byte[] hash = sha256(bytes(answer.said).orElseThrow());
        boolean right = found.isPresent()
                && PasskeyKey.parse(Base64.getDecoder().decode(found.get().key))
                        .filter(key -> key.signed(joined(signed.get(), hash), signature.get()))
                        .isPresent();
        return right && taken(found.get(), data.get().counter(), challenge)
                ? Optional.of(found.get().holder)
                : Optional.empty();
    }

    /// Notes the use. A question is answered once: each key takes only those that were asked later than its last one.
    /// An
    /// authenticator that counts and has not gone on counting was copied (§6.1.1).
    private boolean taken(Row row, long counter, Challenge challenge) throws IOException {
        boolean counts = counter > 0 || row.counter > 0;
        return (!counts || counter > row.counter)
                && database.call(tx -> tx.update(
                                "UPDATE passkeys SET counter = ?, asked_at = ?, used_at = ?"
                                        + " WHERE digest = ? AND asked_at < ? AND counter = ?",
                                counter,
                                challenge.issued.toEpochMilli(),
                                clock.millis(),
                                row.digest,
                                challenge.issued.toEpochMilli(),
                                row.counter))
                        > 0;
    }

    private static boolean isOf(AuthenticatorData data, Site site) {
        return data.site().equals(HexFormat.of().formatHex(sha256(site.name.getBytes(UTF_8))));
    }

    /// Whether a browser says what it should (§5.8.1), and in time.
    private boolean says(String said, String type, Site site, Challenge challenge) {
        Instant now = clock.instant();
        Optional<byte[]> bytes = bytes(said);
        if (bytes.isEmpty()
                || challenge.issued.isAfter(now)
                || challenge.issued.plus(ANSWER_WAIT_MAX).isBefore(now)) {
            return false;
        }
        try {
            Map<String, Object> members = Json.object(bytes.get());
            return Json.text(members, "type").equals(type)
                    && MessageDigest.isEqual(
                            Json.text(members, "challenge").getBytes(UTF_8), challenge.text.getBytes(UTF_8))
                    && Json.text(members, "origin").equals(site.origin)
                    && !Json.truth(members, "crossOrigin", false);
        } catch (IOException _) {
            return false; // no browser says that
        }
    }

    private static Optional<byte[]> bytes(String base64) {
        try {
            return base64.isEmpty() || base64.length() > SAID_BYTES_MAX * 4 / 3
                    ? Optional.empty()
                    : Optional.of(Base64.getUrlDecoder().decode(base64));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = new byte[one.length + other.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
