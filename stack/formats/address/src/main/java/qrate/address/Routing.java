package qrate.address;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Address;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.core.Steps;
import qrate.qcontrol.Channel;

/// Decides for each recipient which way it goes, from one reading of the control files (qmail-send(8),
/// qmail-control(5)).
///
/// @param envnoathost appended to an address without `@`
/// @param percenthack domains in lower case, as {@link DomainName} has them
/// @param locals domains in lower case, so too
/// @param virtualdomains from `user@domain`, `domain`, `.domain` or nothing, in lower case, so too, to the prefix; an
///     empty prefix says not virtual
public record Routing(
        String envnoathost, Set<String> percenthack, Set<String> locals, Map<String, String> virtualdomains) {
    public Routing {
        percenthack = Set.copyOf(percenthack);
        locals = Set.copyOf(locals);
        virtualdomains = Map.copyOf(virtualdomains);
    }

    private static final List<String> FILES = List.of("locals", "me", "envnoathost", "virtualdomains", "percenthack");

    /// Where a recipient goes.
    ///
    /// @param address what the spawner is told: for a virtual domain with the prefix in front
    /// @param full the address with a domain, before a prefix came in front
    /// @param host the domain for a remote recipient, lower case and in ASCII; empty for a local one
    public record Route(Channel channel, String address, String full, String host) {}

    /// Reads the control files, which may name many domains: only where they have changed.
    ///
    /// @throws IOException when one cannot be read, or neither `locals` nor `me` is there
    public static Routing read(Control control) throws IOException {
        return control.made(Routing.class, Routing::fresh, FILES);
    }

    private static Routing fresh(Control control) throws IOException {
        Set<String> locals = lower(control.lines("locals"));
        if (!control.exists("locals")) {
            locals = lower(List.of(control.lineOrMe("me")));
        }
        Optional<String> noAtHost = control.line("envnoathost");
        String envnoathost =
                noAtHost.isPresent() ? noAtHost.get() : control.line("me").orElse("envnoathost");
        Map<String, String> virtual = new HashMap<>();
        for (String line : control.lines("virtualdomains")) {
            int colon = line.indexOf(':');
            if (colon >= 0) {
                virtual.put(key(line.substring(0, colon)), line.substring(colon + 1)); // the last counts
            }
        }
        return new Routing(envnoathost, lower(control.lines("percenthack")), locals, virtual);
    }

    private static Set<String> lower(List<String> lines) {
        Set<String> set = new HashSet<>();
        lines.forEach(line -> set.add(DomainName.ascii(line)));
        return set;
    }

    /// An address or a domain in lower case, the domain in ASCII.
    private static String key(String text) {
        int domain = text.lastIndexOf('@') + 1;
        return text.substring(0, domain).toLowerCase(Locale.ROOT) + DomainName.ascii(text.substring(domain));
    }

    /// The way of one envelope recipient.
    public Route route(String recipient) {
        return route(recipient, Steps.none());
    }

    /// The way of one envelope recipient: envnoathost, percenthack, locals, virtualdomains, in this order.
    public Route route(String recipient, Steps steps) {
        String full = recipient;
        if (recipient.indexOf('@') < 0) {
            full = recipient + "@" + envnoathost;
            steps.say("envnoathost: no @, so it is " + full);
        }
        int at = full.lastIndexOf('@');
        String domain = DomainName.ascii(full.substring(at + 1));
        while (percenthack.contains(domain)) {
            int percent = full.lastIndexOf('%', at - 1);
            if (percent < 0) {
                break;
            }
            full = full.substring(0, percent) + "@" + full.substring(percent + 1, at);
            steps.say("percenthack: has " + domain + ", so it is " + full);
            at = percent;
            domain = DomainName.ascii(full.substring(at + 1));
        }
        // a domain in letters of its own is known by its other name to all who deliver here
        String here = full.substring(at + 1).equalsIgnoreCase(domain) ? full : full.substring(0, at + 1) + domain;
        if (locals.contains(domain)) {
            steps.say("locals: has " + domain + ": local");
            return new Route(Channel.LOCAL, here, full, "");
        }
        steps.say("locals: does not have " + domain);
        String prefix = prefix(here.toLowerCase(Locale.ROOT), domain, steps);
        return prefix.isEmpty()
                ? new Route(Channel.REMOTE, full, full, domain)
                : new Route(Channel.LOCAL, prefix + "-" + here, full, "");
    }

    /// A recipient as it was before a virtual domain's prefix came in front; one that does not bear it as it is.
    Address withoutPrefix(Address to) {
        String domain = DomainName.ascii(to.domain());
        String prefix = locals.contains(domain) ? "" : prefix("", domain, Steps.none()) + "-";
        return prefix.length() > 1 && to.local().regionMatches(true, 0, prefix, 0, prefix.length())
                ? new Address(to.local().substring(prefix.length()), to.domain())
                : to;
    }

    /// Whether mail for a domain is delivered here.
    ///
    /// @param domain in lower case and ASCII, as {@link DomainName} has it
    public boolean isHere(String domain) {
        return locals.contains(domain) || !prefix("", domain, Steps.none()).isEmpty();
    }

    /// The most exact entry of virtualdomains: the address, the domain, `.` and each parent, the catch-all.
    private String prefix(String address, String domain, Steps steps) {
        String key = address;
        String found = virtualdomains.get(key);
        if (found == null) {
            key = domain;
            found = virtualdomains.get(key);
        }
        for (int dot = domain.indexOf('.'); found == null && dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            key = domain.substring(dot);
            found = virtualdomains.get(key);
        }
        if (found == null) {
            key = "";
            found = virtualdomains.get(key);
        }
        if (found == null) {
            steps.say("virtualdomains: nothing for it: remote");
            return "";
        }
        steps.say("virtualdomains: " + key + ":" + found
                + (found.isEmpty() ? ": not virtual, remote" : ": local, with " + found + "- in front"));
        return found;
    }
}
