package qrate.directory;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/// What an authenticator says, as bytes (Web Authentication Level 2 §6.1): which site it was asked by, who was there,
/// and of a new key its id. The key itself, and what extensions add, stand behind it in CBOR and are not read: a
/// browser
/// hands the key over as X.509 has it as well (§5.2.1.1), and nothing here asks for an extension.
///
/// @param site SHA-256 of the site's name, in hexadecimal
/// @param present whether somebody touched it
/// @param verified whether it made sure of who, by a finger or a PIN
/// @param counter of its signatures; 0 where it does not count
/// @param credential id of a new key, in Base64; empty in an answer
record AuthenticatorData(String site, boolean present, boolean verified, long counter, String credential) {
    /// Longest that is taken: an id, a key of 4096 bits and some extensions.
    static final int BYTES_MAX = 4096;

    /// Longest id (§4, Credential ID).
    static final int ID_BYTES_MAX = 1023;

    private static final int HASH_BYTES = 32;
    private static final int MODEL_BYTES = 16;
    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    static Optional<AuthenticatorData> parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length > BYTES_MAX || in.remaining() < HASH_BYTES + 1 + Integer.BYTES) {
            return Optional.empty();
        }
        String site = HexFormat.of().formatHex(take(in, HASH_BYTES));
        int flags = in.get();
        long counter = Integer.toUnsignedLong(in.getInt());
        String credential = "";
        if ((flags & ATTESTED) != 0) {
            if (in.remaining() < MODEL_BYTES + Short.BYTES) {
                return Optional.empty();
            }
            take(in, MODEL_BYTES);
            int length = Short.toUnsignedInt(in.getShort());
            if (length == 0 || length > ID_BYTES_MAX || length > in.remaining()) {
                return Optional.empty();
            }
            credential = Base64.getUrlEncoder().withoutPadding().encodeToString(take(in, length));
        }
        return Optional.of(
                new AuthenticatorData(site, (flags & PRESENT) != 0, (flags & VERIFIED) != 0, counter, credential));
    }

    private static byte[] take(ByteBuffer in, int many) {
        byte[] taken = new byte[many];
        in.get(taken);
        return taken;
    }
}
