package qrate.migration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.snapshots.Names;
import qrate.vpopmail.VpasswdLine;

/// One of vpopmail's domains, with its other names.
///
/// @param name as {@link Names#domain} spells it
/// @param home its folder, as it was called there
/// @param aliases other names
record Group(String name, String home, List<String> aliases) {
    Group {
        aliases = List.copyOf(aliases);
    }

    private static final String DOMAINS = "/domains/";

    /// Puts together the lines of `users/assign` that name one domain; names those that cannot be one.
    static List<Group> of(List<Assign.Entry> entries, Report report) {
        Map<String, String> homes = new LinkedHashMap<>();
        Map<String, List<String>> aliases = new LinkedHashMap<>();
        for (Assign.Entry entry : entries) {
            Optional<String> name = Names.domain(entry.domain());
            Optional<String> real = Names.domain(entry.user());
            if (name.isEmpty() || real.isEmpty() || !real.get().contains(".")) {
                report.leftOut("users/assign: " + entry.text(), "no domain's name");
                continue;
            }
            String before = homes.putIfAbsent(real.get(), entry.home());
            if (before != null && !before.equals(entry.home())) {
                report.leftOut("users/assign: " + entry.text(), "another folder than " + before);
                continue;
            }
            List<String> others = aliases.computeIfAbsent(real.get(), _ -> new ArrayList<>());
            if (!name.get().equals(real.get()) && !others.contains(name.get())) {
                others.add(name.get());
            }
        }
        return homes.entrySet().stream()
                .map(e -> new Group(e.getKey(), e.getValue(), aliases.getOrDefault(e.getKey(), List.of())))
                .toList();
    }

    /// Where vpopmail is, as the lines of `users/assign` say.
    static Optional<Path> vpopmail(List<Group> groups) {
        return groups.stream()
                .map(group -> group.home.substring(0, group.home.lastIndexOf(DOMAINS)))
                .filter(path -> path.startsWith("/"))
                .map(Path::of)
                .findFirst();
    }

    /// Its folder in the tree at hand: `domains/example.com`, or a hashed `domains/0/example.com`.
    Optional<Path> folder(Source vpopmail) throws IOException {
        return below(vpopmail, home);
    }

    /// The folder of a user, wherever it is below the domain.
    Optional<Path> folder(Source vpopmail, VpasswdLine user) throws IOException {
        String named = trimmed(user.home());
        if (named.startsWith(home + "/") || named.contains(DOMAINS)) {
            Optional<Path> found = below(vpopmail, named);
            Optional<Path> domain = folder(vpopmail);
            return found.isPresent() && domain.isPresent() && found.get().startsWith(domain.get())
                    ? found
                    : Optional.empty();
        }
        return below(vpopmail, home + "/" + user.name());
    }

    /// What a path of the old place names in the tree at hand: what follows its last `/domains/`.
    static Optional<Path> below(Source vpopmail, String path) throws IOException {
        int at = path.lastIndexOf(DOMAINS);
        return at < 0 ? Optional.empty() : vpopmail.find(path.substring(at + 1));
    }

    /// A path without slashes at its end.
    static String trimmed(String path) {
        int end = path.length();
        while (end > 1 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }
}
