package qrate.dmarc;

import java.util.List;
import qrate.message.Field;

/// What is known of a message when DMARC is asked.
///
/// @param from every From field of its header
/// @param spf the check of the envelope
/// @param dkim the check of each signature, in order
public record Evidence(List<Field> from, Spf spf, List<Dkim> dkim) {
    public Evidence {
        from = List.copyOf(from);
        dkim = List.copyOf(dkim);
    }

    /// What SPF said of the MAIL FROM identity, the only one that counts (RFC 9989 §4.4.2).
    ///
    /// @param mailFrom the reverse-path's domain; empty when that is `<>`
    /// @param helo the client's name, which stands in for it then (RFC 7208 §2.4); empty when there is none
    public record Spf(AuthResult result, String mailFrom, String helo) {
        /// The domain that was checked; empty when there is none.
        public String domain() {
            return mailFrom.isEmpty() ? helo : mailFrom;
        }
    }

    /// What became of one signature.
    ///
    /// @param domain its `d=`
    /// @param selector its `s=`
    public record Dkim(AuthResult result, String domain, String selector) {}
}
