package qrate.admin;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import qrate.core.Control;
import qrate.core.ControlFile;

/// Where pages are reached from outside, for links in mail: as `control/adminurl` says it, and never as a request does,
/// whose host name is whatever its sender wrote.
record PagesUrl(Control control) {
    /// Longest one, in characters, so that a link stands in one line of a message.
    static final int CHARS_MAX = 150;

    /// Hosts that are reached without a network, and so without TLS.
    private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

    /// What each link begins with: `https://mail.example.org`; empty where nothing is said, or nothing that can be
    /// used.
    Optional<String> base() throws IOException {
        return control.line(ControlFile.ADMINURL.file()).flatMap(PagesUrl::base);
    }

    /// Whether something is said that cannot be used.
    boolean isWrong() throws IOException {
        return control.line(ControlFile.ADMINURL.file()).isPresent() && base().isEmpty();
    }

    static Optional<String> base(String text) {
        try {
            URI url = new URI(text);
            boolean sure = "https".equals(url.getScheme())
                    || ("http".equals(url.getScheme()) && url.getHost() != null && HERE.contains(url.getHost()));
            boolean bare = url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null
                    && Set.of("", "/").contains(url.getRawPath());
            return sure && bare && text.length() <= CHARS_MAX
                    ? Optional.of(text.endsWith("/") ? text.substring(0, text.length() - 1) : text)
                    : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
