package qrate.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import qrate.core.DerValue;

/// What a certificate is written in (X.690, distinguished encoding rules); it reads nothing.
final class Der {
    private static final int BIT_STRING = 0x03;
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0x80;
    private static final int CONTEXT_EXPLICIT = 0xa0;
    private static final byte[] TRUE = {0x01, 0x01, (byte) 0xff};

    /// The first year that is not written with two digits (RFC 5280, section 4.1.2.5).
    private static final int YEAR_OF_FOUR_DIGITS = 2050;

    private static final DateTimeFormatter TWO_DIGITS = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT);
    private static final DateTimeFormatter FOUR_DIGITS = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return DerValue.of(SEQUENCE, parts);
    }

    static byte[] integer(BigInteger number) {
        return DerValue.of(INTEGER, number.toByteArray());
    }

    static byte[] yes() {
        return TRUE.clone();
    }

    /// @param hex its octets, already encoded
    static byte[] object(String hex) {
        return DerValue.of(OBJECT_IDENTIFIER, HexFormat.of().parseHex(hex));
    }

    static byte[] octets(byte[] bytes) {
        return DerValue.of(OCTET_STRING, bytes);
    }

    /// A whole number of octets as bits.
    static byte[] bits(byte[] bytes) {
        return DerValue.of(BIT_STRING, new byte[1], bytes);
    }

    static byte[] time(Instant when) {
        ZonedDateTime time = when.atZone(ZoneOffset.UTC);
        return time.getYear() < YEAR_OF_FOUR_DIGITS
                ? DerValue.of(UTC_TIME, TWO_DIGITS.format(time).getBytes(US_ASCII))
                : DerValue.of(GENERALIZED_TIME, FOUR_DIGITS.format(time).getBytes(US_ASCII));
    }

    /// Under a number that says what it is, around its own tag.
    static byte[] explicit(int number, byte[] inside) {
        return DerValue.of(CONTEXT_EXPLICIT | number, inside);
    }

    /// Text under a number that says what it is, in place of its own tag.
    static byte[] implicit(int number, String ascii) {
        return implicit(number, ascii.getBytes(US_ASCII));
    }

    /// The same with octets.
    static byte[] implicit(int number, byte[] octets) {
        return DerValue.of(CONTEXT | number, octets);
    }
}
