package qrate.directory;

import java.util.Optional;

/// Base32 (RFC 4648 §6), in which authenticator programs take secrets; without padding.
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;
    private static final int OCTET = 8;
    private static final int OCTET_MASK = 0xff;

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte one : bytes) {
            held = held << OCTET | (one & OCTET_MASK);
            bits += OCTET;
            while (bits >= BITS) {
                bits -= BITS;
                text.append(letter(held >> bits));
            }
        }
        if (bits > 0) {
            text.append(letter(held << (BITS - bits)));
        }
        return text.toString();
    }

    /// For the lowest bits.
    private static char letter(int bits) {
        return ALPHABET.charAt(Math.floorMod(bits, ALPHABET.length()));
    }

    /// Of ASCII alone: other letters have capitals among these too.
    private static char capital(char c) {
        return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
    }

    /// Bytes of a text; empty where it is none. Bits behind the last whole byte count for nothing.
    static Optional<byte[]> decode(String text) {
        byte[] bytes = new byte[text.length() * BITS / OCTET];
        int held = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(capital(text.charAt(i)));
            if (value < 0) {
                return Optional.empty();
            }
            held = held << BITS | value;
            bits += BITS;
            if (bits >= OCTET) {
                bits -= OCTET;
                bytes[at++] = (byte) (held >> bits);
            }
        }
        return Optional.of(bytes);
    }
}
