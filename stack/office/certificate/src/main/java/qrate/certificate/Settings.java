package qrate.certificate;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.core.DomainName;

/// What the control files say about getting a certificate (ACME, RFC 8555).
///
/// @param directory of the CA
/// @param names that the certificate is for, at least one, in ASCII and lower case; `*.NAME` for all below it
/// @param email where the CA writes to
/// @param hook program that publishes DNS records; without one the CA is answered by HTTP
/// @param binding to an account elsewhere (EAB)
/// @param kinds of keys, the first for clients that know both
/// @param trusted certificates, in PEM, that the CA's own server is believed by; without them those of the
///     system
public record Settings(
        URI directory,
        List<String> names,
        Optional<String> email,
        Optional<Path> hook,
        Optional<Binding> binding,
        List<Kind> kinds,
        Optional<String> trusted) {
    /// Most names: what the known CAs put into one certificate.
    public static final int NAMES_MAX = 100;

    /// An account at the CA's own site that the ACME account belongs to (RFC 8555 §7.3.4).
    ///
    /// @param id as the CA gave it
    /// @param key in base64url
    public record Binding(String id, String key) {
        @Override
        public String toString() {
            return "Binding[" + id + "]"; // the key is a secret
        }
    }

    /// Kinds of keys.
    public enum Kind {
        /// P-256
        ECDSA("EC"),
        /// 2048 bits
        RSA("RSA");

        private final String algorithm;

        Kind(String algorithm) {
            this.algorithm = algorithm;
        }

        /// As Java calls it.
        public String algorithm() {
            return algorithm;
        }
    }

    /// Directories that have a short name.
    private static final Map<String, String> KNOWN = Map.of(
            "letsencrypt", "https://acme-v02.api.letsencrypt.org/directory",
            "letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory",
            "zerossl", "https://acme.zerossl.com/v2/DV90",
            "google", "https://dv.acme-v02.api.pki.goog/directory",
            "buypass", "https://api.buypass.com/acme/directory");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]{1,63}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{8,1000}");
    private static final int EMAIL_CHARS_MAX = 320;
    private static final int LINE_CHARS_MAX = 2000;
    private static final int NAME_CHARS_MAX = 253;

    /// Reads them.
    ///
    /// @return nothing when there is no control/acme: no certificate is wanted from a CA
    /// @throws IOException names the file that cannot be read, or what is wrong with it
    public static Optional<Settings> of(Control control) throws IOException {
        Optional<String> acme = control.line("acme");
        if (acme.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> hook = hook(control);
        return Optional.of(new Settings(
                directory(acme.get()),
                names(control, hook.isPresent()),
                email(control),
                hook,
                binding(control),
                kinds(control),
                trusted(control)));
    }

    private static URI directory(String acme) throws IOException {
        try {
            URI uri = new URI(KNOWN.getOrDefault(acme, acme));
            boolean here = uri.getHost() != null && LOOPBACK.contains(uri.getHost());
            if (uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && ("https".equals(uri.getScheme()) || (here && "http".equals(uri.getScheme())))) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // said below
        }
        throw new IOException("control/acme: neither an https:// address nor one of "
                + String.join(", ", KNOWN.keySet().stream().sorted().toList()));
    }

    private static List<String> names(Control control, boolean hook) throws IOException {
        List<String> lines = control.lines("acmenames");
        Set<String> names = new LinkedHashSet<>();
        for (String line : lines.isEmpty() ? List.of(control.lineOrMe("acmenames")) : lines) {
            for (String word : line.strip().split("\\s+", -1)) {
                String name = DomainName.ascii(word);
                if (!isName(name)) {
                    throw new IOException("control/" + (lines.isEmpty() ? "me" : "acmenames") + ": " + word
                            + " is no name that a certificate can be for");
                }
                if (name.startsWith("*") && !hook) {
                    throw new IOException("control/acmenames: " + name
                            + " needs control/acmehook: a CA believes names with * by DNS only");
                }
                names.add(name);
            }
        }
        if (names.size() > NAMES_MAX) {
            throw new IOException(
                    "control/acmenames: " + names.size() + " names, and at most " + NAMES_MAX + " can be");
        }
        return List.copyOf(names);
    }

    /// At least two labels (RFC 1035 §2.3.4), of letters in the last; the first may be `*`.
    private static boolean isName(String name) {
        String[] labels = (name.startsWith("*.") ? name.substring(2) : name).split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches() || label.startsWith("-") || label.endsWith("-")) {
                return false;
            }
        }
        char first = labels[labels.length - 1].charAt(0);
        return name.length() <= NAME_CHARS_MAX && labels.length > 1 && first >= 'a' && first <= 'z';
    }

    private static boolean isAddress(String email) {
        int at = email.indexOf('@');
        return at > 0
                && at == email.lastIndexOf('@')
                && at < email.length() - 1
                && email.length() <= EMAIL_CHARS_MAX
                && email.chars().allMatch(c -> c > ' ' && c != ',' && c != '?' && c != '&' && c != ':' && c < 0x7f);
    }

    private static Optional<String> email(Control control) throws IOException {
        Optional<String> email = control.line("acmeemail");
        if (email.isPresent() && !isAddress(email.get())) {
            throw new IOException("control/acmeemail: not one mail address");
        }
        return email;
    }

    private static Optional<Path> hook(Control control) throws IOException {
        Optional<String> line = control.line("acmehook");
        if (line.isEmpty()) {
            return Optional.empty();
        }
        Path hook = Path.of(line.get());
        if (!hook.isAbsolute() || !Files.isRegularFile(hook) || !Files.isExecutable(hook)) {
            throw new IOException("control/acmehook: " + line.get()
                    + ": no program by that full name that this user may run (its name stands alone on the line)");
        }
        if (Files.getPosixFilePermissions(hook).contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("control/acmehook: " + line.get() + ": everybody may write it");
        }
        return Optional.of(hook);
    }

    private static Optional<Binding> binding(Control control) throws IOException {
        Optional<String> line = control.line("acmeeab");
        if (line.isEmpty()) {
            return Optional.empty();
        }
        String[] words = line.get().length() > LINE_CHARS_MAX
                ? new String[0]
                : line.get().strip().split("\\s+", -1);
        String key = words.length == 2 ? words[1].replace("=", "") : "";
        if (!KEY.matcher(key).matches()) {
            throw new IOException("control/acmeeab: not ID KEY, with the key in base64url");
        }
        return Optional.of(new Binding(words[0], key));
    }

    private static List<Kind> kinds(Control control) throws IOException {
        return switch (control.value(ControlFile.ACMEKEYS).strip().replaceAll("\\s+", " ")) {
            case "ecdsa" -> List.of(Kind.ECDSA);
            case "rsa" -> List.of(Kind.RSA);
            case "ecdsa rsa", "rsa ecdsa" -> List.of(Kind.ECDSA, Kind.RSA);
            default -> throw new IOException("control/acmekeys: neither ecdsa nor rsa nor both");
        };
    }

    private static Optional<String> trusted(Control control) throws IOException {
        List<String> lines = control.lines("acmeca");
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", lines) + "\n");
    }
}
