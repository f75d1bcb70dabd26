package qrate.tlsrpt;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;

/// What was wrong with the TLS of a delivery (RFC 8460 §4.4, `failure-details`).
///
/// @param from the address of ours that it came from; empty where that tells nobody anything
public record TlsFault(Cause cause, Server server, String from) implements Comparable<TlsFault> {
    /// What is beyond all bounds.
    static final Server NOBODY = new Server("", "");

    /// Why.
    ///
    /// @param reason in a few words, where the result alone says too little; or empty
    public record Cause(TlsNote.Failure failure, String reason) {
        /// Longest reason, in characters; what is beyond is cut.
        static final int REASON_CHARS_MAX = 100;

        public Cause {
            String plain = reason.replaceAll("[^A-Za-z0-9 .,:;()=@-]+", " ").strip();
            reason = plain.substring(0, Math.min(REASON_CHARS_MAX, plain.length()))
                    .strip();
        }

        /// One whose result says it all.
        public static Cause of(TlsNote.Failure failure) {
            return new Cause(failure, "");
        }
    }

    /// Whom it was with.
    ///
    /// @param name empty for nobody in particular
    /// @param address in digits, or empty
    public record Server(String name, String address) {}

    /// One that begins here.
    ///
    /// @param from an address of this host; what only a network behind the router knows is not told
    public static TlsFault of(Cause cause, Server server, InetAddress from) {
        return new TlsFault(cause, server, isPublic(from) ? from.getHostAddress() : "");
    }

    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean unique = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc; // RFC 4193 §3.1
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64; // RFC 6598 §7
        return !unique
                && !shared
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress();
    }

    /// The same without what tells it apart.
    TlsFault alone() {
        return new TlsFault(Cause.of(cause.failure), NOBODY, "");
    }

    @Override
    public int compareTo(TlsFault other) {
        return text().compareTo(other.text());
    }

    private String text() {
        return String.join(
                " ", cause.failure.name().toLowerCase(Locale.ROOT), server.name, server.address, from, cause.reason);
    }
}
