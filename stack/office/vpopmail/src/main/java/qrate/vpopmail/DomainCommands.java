package qrate.vpopmail;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.directory.Settings;
import qrate.directory.Shapes;

/// vpopmail's commands for domains and aliases, with every option that its usage texts name.
final class DomainCommands {
    private static final String BOUNCE = "bounce-no-mailbox";

    private DomainCommands() {}

    static List<Commands.Command> all() {
        return List.of(
                new Commands.Command(
                        "vadddomain",
                        "vr::q:e:bu:d:i:g:O",
                        1,
                        3,
                        "[-v] [-r[len]] [-q quota] [-e address | -b [bounce-no-mailbox | delete | address]] [-O] domain [password]",
                        Map.of("uig", "one user owns every mailbox here", "d", "a domain's folder is domains/NAME"),
                        Map.of(),
                        DomainCommands::add),
                new Commands.Command("vdeldomain", "vf", 1, 1, "[-v] [-f] domain", DomainCommands::delete),
                new Commands.Command(
                        "vaddaliasdomain", "v", 2, 2, "[-v] real_domain alias_domain", (d, o, _) -> addAlias(d, o)),
                new Commands.Command("vmkpasswd", "v", 1, 1, "[-v] domain", (d, o, _) -> publish(d, o)),
                new Commands.Command(
                        "valias",
                        "vnsdfi:",
                        1,
                        1,
                        "[-v] [-n | -s | -i target | -d [-f]] [--json] address | domain",
                        DomainCommands::alias),
                new Commands.Command(
                        "vmoddomlimits",
                        "vhSDdQ:q:M:m:P:A:F:R:L:g:p:a:f:r:l:u:o:x:z:",
                        1,
                        1,
                        "[-v] [-S | -D | --json] [-P mailboxes] [-A aliases] [-q quota] domain",
                        Map.of(
                                "d", "there are no default limits: a new domain has none",
                                "QM", "a domain has no quota of its own; -q is that of a new mailbox",
                                "m", "a new mailbox has no limit on messages",
                                "F", "a forward is an alias: -A",
                                "R", "there are no autoresponders",
                                "L", "lists are not limited",
                                "g", "what may be done is said for each mailbox: vmoduser domain",
                                "pafrluoxz", "a postmaster may do everything in his domain, others nothing"),
                        Map.of(),
                        DomainCommands::limits),
                new Commands.Command(
                        "vdominfo", "vanugdtr", 0, 1, "[-v] [-anugdtr | --json] [domain]", DomainCommands::info));
    }

    private static Change noDomain() {
        return Change.refuse(Refusal.Key.DOMAIN_MISSING);
    }

    private static Change add(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        // vpopmail has both: -b alone, and -b with what to do in front of the domain
        boolean instructed = options.has("b") && isInstruction(options.operand(0));
        int at = instructed ? 1 : 0;
        String domain = options.operand(at);
        String given = options.operand(at + 1);
        if (domain.isEmpty() || options.operands().size() > at + 2) {
            return Change.refuse(Refusal.Key.COMMAND_DOMAIN_PASSWORD);
        }
        if (options.has("r") && !given.isEmpty()) {
            return MailboxCommands.noRandom();
        }
        String target = options.last("e").orElse(instructed ? options.operand(0).replace(BOUNCE, "") : "");
        if (target.startsWith("/")) {
            return Change.refuse(Refusal.Key.COMMAND_NOBODY, target);
        }
        Optional<Quota> quota = Quota.parse(options.last("q").orElse("NOQUOTA"));
        if (quota.isEmpty()) {
            return MailboxCommands.badQuota();
        }
        Change change = directory.apply(new Edit.AddDomain(
                domain,
                Commands.password(
                        options, new Commands.Asked("postmaster@" + domain, options.operands(), at + 1), stdio)));
        if (change instanceof Change.Done && options.has("q")) {
            change = directory.apply(new Edit.Modify("postmaster@" + domain, Map.of(Property.QUOTA, quota.get())));
        }
        if (change instanceof Change.Done && !target.isEmpty()) {
            change = directory.apply(new Edit.SetCatchAll(domain, isAddress(target) ? target : target + "@" + domain));
        }
        return change;
    }

    /// Or what is done in an address's place.
    private static boolean isAddress(String target) {
        return target.contains("@") || target.equals(EditableDirectory.Domain.DROPS);
    }

    private static boolean isInstruction(String word) {
        return word.contains("@") || word.startsWith("/") || word.equals("delete") || word.equals(BOUNCE);
    }

    private static List<String> aliasDomains(EditableDirectory directory, String domain) throws IOException {
        return directory.domains().stream()
                .filter(d -> d.aliasOf().equalsIgnoreCase(domain))
                .map(EditableDirectory.Domain::name)
                .toList();
    }

    private static Change delete(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String name = options.operand(0);
        Optional<EditableDirectory.Domain> domain = directory.domain(name);
        if (domain.isEmpty()) {
            return directory.apply(new Edit.DeleteDomain(name)); // which says why not
        }
        Loss what = domain.get().aliasOf().isEmpty()
                ? Loss.of(
                        Loss.Key.DOMAIN_WHOLE,
                        domain.get().name(),
                        domain.get().mailboxes(),
                        directory.aliases(name).size())
                : Loss.of(Loss.Key.ALIAS_DOMAIN, domain.get().name());
        return Removals.run(
                what, directory.losses(name), options, stdio, () -> directory.apply(new Edit.DeleteDomain(name)));
    }

    /// The two names may be swapped, as in vpopmail: whichever is there is the real one.
    private static Change addAlias(EditableDirectory directory, Getopt.Given options) throws IOException {
        String first = options.operand(0);
        String second = options.operand(1);
        if (first.equalsIgnoreCase(second)) {
            return Change.refuse(Refusal.Key.COMMAND_SAME_DOMAIN);
        }
        boolean swapped =
                directory.domain(first).isEmpty() && directory.domain(second).isPresent();
        return directory.apply(
                swapped ? new Edit.AddAliasDomain(second, first) : new Edit.AddAliasDomain(first, second));
    }

    /// Writes what others read of a domain anew, as a change does, and changes nothing.
    private static Change publish(EditableDirectory directory, Getopt.Given options) throws IOException {
        Optional<EditableDirectory.Domain> domain = directory.domain(options.operand(0));
        return domain.isEmpty()
                ? noDomain()
                : directory.apply(
                        new Edit.SetCatchAll(domain.get().name(), domain.get().catchAll()));
    }

    private static Change alias(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String address = options.operand(0);
        if (options.has("i")) {
            if (options.has("n") || options.has("s") || options.has("d")) {
                return Change.refuse(Refusal.Key.COMMAND_ONE_OF);
            }
            return directory.apply(new Edit.AddAlias(
                    new EditableDirectory.Alias(address, options.last("i").orElse(""))));
        }
        if (Stream.of("n", "s", "d").filter(options::has).count() > 1) {
            return Change.refuse(Refusal.Key.COMMAND_ONE_OF);
        }
        boolean whole = !address.contains("@");
        if (whole && options.has("d")) {
            return Change.refuse(Refusal.Key.ADDRESS);
        }
        if (!whole && options.has("n")) {
            return Change.refuse(Refusal.Key.COMMAND_DOMAIN_ONLY);
        }
        String local = address.substring(0, Math.max(0, address.lastIndexOf('@')));
        List<EditableDirectory.Alias> found =
                directory.aliases(address.substring(address.lastIndexOf('@') + 1)).stream()
                        .filter(alias -> whole || alias.local().equalsIgnoreCase(local))
                        .toList();
        if (found.isEmpty()) {
            return Change.refuse(Refusal.Key.ALIAS_MISSING);
        }
        Change change = new Change.Done();
        if (options.has("n")) {
            found.stream().map(alias -> alias.local()).distinct().forEach(stdio.out()::println);
        } else if (options.has("d")) {
            change = deleteAlias(directory, found, options, stdio);
        } else {
            if (options.has(Commands.JSON)) {
                JsonWriter.print(found.stream().map(Shapes::of).toList(), stdio.out());
                return change;
            }
            found.forEach(alias -> stdio.out().println(alias.address() + " -> " + alias.target()));
        }
        return change;
    }

    private static Change deleteAlias(
            EditableDirectory directory, List<EditableDirectory.Alias> lines, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String address = lines.getFirst().address();
        String targets = String.join(
                ", ", lines.stream().map(EditableDirectory.Alias::target).toList());
        // beside a mailbox of that name the lines are copies, and the mailbox stays
        List<Loss> losses = directory.mailbox(address).isPresent() ? List.of() : directory.losses(address);
        return Removals.run(Loss.of(Loss.Key.ALIAS, address, targets), losses, options, stdio, () -> {
            Change change = new Change.Done();
            for (EditableDirectory.Alias line : lines) {
                change = change instanceof Change.Done ? directory.apply(new Edit.DeleteAlias(line)) : change;
            }
            return change;
        });
    }

    private static Change limits(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        Optional<EditableDirectory.Domain> domain = directory.domain(options.operand(0));
        if (domain.isEmpty()) {
            return noDomain();
        }
        EditableDirectory.Limits before = domain.get().limits();
        if (options.has("D")) {
            return directory.apply(new Edit.SetLimits(domain.get().name(), EditableDirectory.Limits.NONE));
        }
        if (options.has(Commands.JSON)) {
            JsonWriter.print(Shapes.of(before), stdio.out());
            return new Change.Done();
        }
        if (options.has("S")) {
            stdio.out().println("max pop accounts: " + before.mailboxes());
            stdio.out().println("max aliases: " + before.aliases());
            stdio.out().println("default quota: " + new Quota(before.quotaBytes(), 0));
            return new Change.Done();
        }
        Optional<Quota> quota = Quota.parse(options.last("q").orElse(new Quota(before.quotaBytes(), 0).toString()));
        String mailboxes = options.last("P").orElse(Integer.toString(before.mailboxes()));
        String aliases = options.last("A").orElse(Integer.toString(before.aliases()));
        if (quota.isEmpty() || !mailboxes.matches("[0-9]{1,9}") || !aliases.matches("[0-9]{1,9}")) {
            return Change.refuse(Refusal.Key.LIMITS_SYNTAX);
        }
        return directory.apply(new Edit.SetLimits(
                domain.get().name(),
                new EditableDirectory.Limits(
                        Integer.parseInt(mailboxes),
                        Integer.parseInt(aliases),
                        quota.get().bytes())));
    }

    private static Change info(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        boolean all = options.operands().isEmpty();
        List<EditableDirectory.Domain> domains = all
                ? directory.domains()
                : directory.domain(options.operand(0)).stream().toList();
        if (domains.isEmpty() && !all) {
            return noDomain();
        }
        if (options.has(Commands.JSON)) {
            List<Map<String, Object>> shapes = new ArrayList<>();
            for (EditableDirectory.Domain domain : domains) {
                shapes.add(shape(directory, domain, home(domain, stdio)));
            }
            JsonWriter.print(all ? shapes : shapes.getFirst(), stdio.out());
            return new Change.Done();
        }
        boolean everything = options.has("a") || options.names().stream().noneMatch("nugdtr"::contains);
        for (EditableDirectory.Domain domain : domains) {
            Path home = home(domain, stdio);
            if (everything) {
                everything(domain, home, stdio.out());
            } else {
                fields(domain, home, options, stdio.out());
            }
        }
        if (!all && domains.getFirst().aliasOf().isEmpty() && everything) {
            aliasDomains(directory, domains.getFirst().name())
                    .forEach(name -> stdio.out().println("alias: " + name));
        }
        return new Change.Done();
    }

    private static Path home(EditableDirectory.Domain domain, Program.Stdio stdio) {
        return State.of(stdio.environment()).maildirs().resolve("domains").resolve(domain.real());
    }

    private static Map<String, Object> shape(EditableDirectory directory, EditableDirectory.Domain domain, Path home)
            throws IOException {
        Map<String, Object> shape = new LinkedHashMap<>(Shapes.of(domain));
        shape.put("aliasDomains", aliasDomains(directory, domain.name()));
        shape.put("uid", Settings.VPOPMAIL);
        shape.put("gid", Settings.VPOPMAIL);
        shape.put("folder", home.toString());
        return shape;
    }

    private static String name(EditableDirectory.Domain domain) {
        return domain.aliasOf().isEmpty() ? domain.name() : domain.name() + " (alias of " + domain.aliasOf() + ")";
    }

    private static void everything(EditableDirectory.Domain domain, Path home, PrintStream out) {
        out.println("domain: " + name(domain));
        out.println("uid:    " + Settings.VPOPMAIL);
        out.println("gid:    " + Settings.VPOPMAIL);
        out.println("dir:    " + home);
        out.println("users:  " + domain.mailboxes());
        if (!domain.catchAll().isEmpty()) {
            out.println("catch-all: " + domain.catchAll());
        }
    }

    /// Each on a line, in the order that vpopmail has.
    private static void fields(EditableDirectory.Domain domain, Path home, Getopt.Given options, PrintStream out) {
        for (String field : List.of("n", "u", "g", "d", "t", "r")) {
            if (options.has(field)) {
                out.println(
                        switch (field) {
                            case "n" -> name(domain);
                            case "d" -> home.toString();
                            case "t" -> Integer.toString(domain.mailboxes());
                            case "r" -> domain.real();
                            default -> Integer.toString(Settings.VPOPMAIL);
                        });
            }
        }
    }
}
