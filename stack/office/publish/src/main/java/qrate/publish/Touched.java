package qrate.publish;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// What one change makes older than the source: only that is written anew.
public final class Touched {
    /// In the place of a local part: all of the domain.
    public static final String WHOLE = "";

    private final Map<String, Set<String>> locals = new LinkedHashMap<>();
    private boolean names;
    private boolean said;

    /// Notes a mailbox or alias, or {@link #WHOLE}.
    ///
    /// @return whether it is the first of its domain
    public boolean add(String domain, String local) {
        boolean first = !locals.containsKey(domain);
        locals.computeIfAbsent(domain, _ -> new LinkedHashSet<>()).add(local);
        return first;
    }

    /// Notes that a domain came or went.
    public void addNames() {
        names = true;
    }

    /// Notes that this system says something else now.
    public void addSaid() {
        said = true;
    }

    /// What changed, by domain.
    Map<String, Set<String>> locals() {
        return locals;
    }

    /// Whether domains came or went.
    boolean names() {
        return names;
    }

    /// Whether the system says something else.
    boolean said() {
        return said;
    }
}
