package qrate.smtp;

/// ESMTP parameters of RCPT.
///
/// @param notification NOTIFY in upper case, or `""` (RFC 3461 §4.1)
/// @param orcpt ORCPT as given, or `""` (RFC 3461 §4.2)
public record RcptParameters(String notification, String orcpt) {
    /// No parameters at all.
    public static final RcptParameters NONE = new RcptParameters("", "");

    /// As {@link qrate.core.Recipient#parameters()} wants them.
    public String travelling() {
        StringBuilder text = new StringBuilder();
        MailParameters.append(text, notification.isEmpty() ? "" : "NOTIFY=" + notification);
        MailParameters.append(text, orcpt.isEmpty() ? "" : "ORCPT=" + orcpt);
        return text.toString();
    }
}
