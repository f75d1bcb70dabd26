package qrate.inject;

import java.io.IOException;
import java.util.Map;
import qrate.core.Control;
import qrate.message.HeaderWords;

/// Completes host names (qmail-header(5)), from the environment and the control files.
///
/// @param defaultHost for addresses without one; complete itself
/// @param defaultDomain for names without a dot
/// @param plusDomain for names with a plus sign at the end
/// @param idHost for Message-IDs
record HostNames(String defaultHost, String defaultDomain, String plusDomain, String idHost) {
    static HostNames of(Map<String, String> environment, Control control) throws IOException {
        String domain = value(environment, control, "QMAILDEFAULTDOMAIN", "defaultdomain");
        String plus = value(environment, control, "QMAILPLUSDOMAIN", "plusdomain");
        String host = value(environment, control, "QMAILDEFAULTHOST", "defaulthost");
        String id = value(environment, control, "QMAILIDHOST", "idhost");
        HostNames names = new HostNames(host, domain, plus, id);
        return new HostNames(names.complete(host), domain, plus, id);
    }

    private static String value(Map<String, String> environment, Control control, String variable, String file)
            throws IOException {
        String own = environment.getOrDefault(variable, "");
        if (own.isEmpty()) {
            own = control.line(file).orElse("");
        }
        if (own.isEmpty()) {
            own = control.line("me").orElse(file);
        }
        return HeaderWords.bytes(own);
    }

    /// A whole name for a short or missing one.
    String complete(String host) {
        if (host.isEmpty()) {
            return defaultHost;
        }
        if (host.startsWith("[")) {
            return host;
        }
        if (host.endsWith("+")) {
            return host.substring(0, host.length() - 1) + "." + plusDomain;
        }
        return host.indexOf('.') < 0 ? host + "." + defaultDomain : host;
    }
}
