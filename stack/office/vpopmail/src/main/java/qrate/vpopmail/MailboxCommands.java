package qrate.vpopmail;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.DeletedMailbox;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.directory.Refusal;
import qrate.directory.Settings;
import qrate.directory.Shapes;
import qrate.maildir.MaildirQuota;

/// vpopmail's commands for mailboxes, with every option that its usage texts name.
final class MailboxCommands {
    private static final String NOT_SHOWN = "passwords and their hashes are shown to nobody";

    private MailboxCommands() {}

    static List<Commands.Command> all() {
        return List.of(
                new Commands.Command(
                        "vadduser",
                        "vr::q:c:R:e:nsF:",
                        0,
                        2,
                        "[-v] [-r[len]] [-q quota] [-c comment] [-R recovery] [-e hash] [-s] address [password] | --file file",
                        Map.of("n", "nobody signs in without a password: use -r"),
                        Map.of(),
                        MailboxCommands::add),
                new Commands.Command("vdeluser", "vfu", 1, 1, "[-v] [-f | -u] address", MailboxCommands::delete),
                new Commands.Command(
                        "vpasswd",
                        "vr::k",
                        1,
                        2,
                        "[-v] [-r[len]] [-k] address [password]",
                        (d, o, io) -> twice(o)
                                ? noRandom()
                                : d.apply(new Edit.SetPassword(o.operand(0), password(o, io), o.has("k")))),
                new Commands.Command(
                        "vmoduser",
                        "vhanpsxq:c:R:C:e:D:dwibroSEfFmu0123",
                        1,
                        1,
                        "[-v] [-aps] [-x] [-n] [-q quota] [-c comment] [-R recovery] [-C password] [-e hash] address | domain",
                        Map.of(
                                "d", "everybody may change his own password here",
                                "b", "a mailbox keeps its mail; vdeluser has it refused",
                                "o", "a domain's limits hold for everybody",
                                "SE", "who runs the system signs in to the admin service as admin",
                                "F", "nothing here deletes mail for its content",
                                "D", "a home is domains/DOMAIN/USER",
                                "0123", "there are no flags for other programs"),
                        Map.of(
                                "w", "there is no webmail",
                                "i", "there is no IMAP",
                                "r", "no POP3 login opens SMTP",
                                "u", "there is no dialup",
                                "f", "there is no spamassassin",
                                "m", "there is no maildrop"),
                        MailboxCommands::modify),
                new Commands.Command("vsetuserquota", "v", 2, 2, "[-v] address | domain quota", (d, o, _) -> {
                    Optional<Quota> quota = Quota.parse(o.operand(1));
                    return quota.isEmpty()
                            ? badQuota()
                            : each(
                                    d,
                                    o.operand(0),
                                    mailbox -> d.apply(
                                            new Edit.Modify(mailbox.address(), Map.of(Property.QUOTA, quota.get()))));
                }),
                new Commands.Command(
                        "vuserinfo",
                        "vanpugcdqQlCD:",
                        0,
                        1,
                        "[-v] [-anugcdqQ | --json] address | -D domain",
                        Map.of("pC", NOT_SHOWN, "l", "logins are in the log of pop3d and smtpd"),
                        Map.of(),
                        MailboxCommands::info));
    }

    /// Done to one mailbox, or each of a domain.
    @FunctionalInterface
    private interface Work {
        Change on(EditableDirectory.Mailbox mailbox) throws IOException;
    }

    private static Change each(EditableDirectory directory, String name, Work work) throws IOException {
        if (name.contains("@")) {
            Optional<EditableDirectory.Mailbox> found = directory.mailbox(name);
            return found.isEmpty() ? noUser(name) : work.on(found.get());
        }
        if (directory.domain(name).isEmpty()) {
            return Change.refuse(Refusal.Key.DOMAIN_MISSING);
        }
        for (EditableDirectory.Mailbox mailbox : directory.mailboxes(name)) {
            Change change = work.on(mailbox);
            if (change instanceof Change.Refused) {
                return change;
            }
        }
        return new Change.Done();
    }

    private static Password password(Getopt.Given options, Program.Stdio stdio) throws IOException {
        return Commands.password(options, new Commands.Asked(options.operand(0), options.operands(), 1), stdio);
    }

    private static Change delete(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        String address = options.operand(0);
        if (options.has("u")) {
            return bringBack(directory, address);
        }
        Optional<EditableDirectory.Mailbox> mailbox = directory.mailbox(address);
        if (mailbox.isEmpty() || mailbox.get().local().equals(EditableDirectory.POSTMASTER)) {
            return directory.apply(new Edit.DeleteMailbox(address)); // which says why not
        }
        return Removals.run(
                Loss.of(Loss.Key.MAILBOX_WHOLE, mailbox.get().address()),
                directory.losses(address),
                options,
                stdio,
                () -> directory.apply(new Edit.DeleteMailbox(address)));
    }

    /// The one of this name that was removed last.
    private static Change bringBack(EditableDirectory directory, String address) throws IOException {
        int at = address.lastIndexOf('@');
        Optional<EditableDirectory.Domain> domain =
                at < 0 ? Optional.empty() : directory.domain(address.substring(at + 1));
        if (domain.isEmpty()) {
            return Change.refuse(Refusal.Key.DELETED_MISSING, address);
        }
        String real = address.substring(0, at) + "@" + domain.get().real();
        Optional<DeletedMailbox> last = directory.deleted(domain.get().real()).stream()
                .filter(one -> one.mailbox().address().equalsIgnoreCase(real))
                .findFirst();
        return last.isEmpty()
                ? Change.refuse(Refusal.Key.DELETED_MISSING, address)
                : directory.apply(new Edit.RestoreMailbox(real, last.get().number()));
    }

    private static Change add(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        if (options.has("F")) {
            boolean alone =
                    options.operands().isEmpty() && options.names().stream().allMatch("Fv"::contains);
            return alone
                    ? Bulk.run(directory, options.last("F").orElse(""), stdio)
                    : Change.refuse(Refusal.Key.COMMAND_FILE_ALONE);
        }
        if (options.operands().isEmpty()) {
            return Change.refuse(Refusal.Key.COMMAND_ADDRESS_OR_FILE);
        }
        String address = options.operand(0);
        Optional<Quota> quota = Quota.parse(options.last("q").orElse("NOQUOTA"));
        if (quota.isEmpty()) {
            return badQuota();
        }
        if (twice(options)) {
            return noRandom();
        }
        Password password =
                options.has("e") ? new Password.Hashed(options.last("e").orElse("")) : password(options, stdio);
        Change change = directory.apply(new Edit.AddMailbox(address, password));
        Map<Property, Object> values = new EnumMap<>(Property.class);
        if (options.has("q")) {
            values.put(Property.QUOTA, quota.get());
        }
        options.last("c").ifPresent(comment -> values.put(Property.NAME, comment));
        recovery(options).ifPresent(said -> values.put(Property.RECOVERY, said));
        return change instanceof Change.Done && !values.isEmpty()
                ? each(directory, address, mailbox -> directory.apply(new Edit.Modify(mailbox.address(), values)))
                : change;
    }

    /// Where somebody who has forgotten his password is sent a link; `none`, since an empty value is a wrong call.
    static Optional<String> recovery(Getopt.Given options) {
        return options.last("R").map(said -> said.equals("none") ? "" : said);
    }

    private static boolean twice(Getopt.Given options) {
        return options.has("r") && options.operands().size() > 1;
    }

    static Change noRandom() {
        return Change.refuse(Refusal.Key.COMMAND_TWO_PASSWORDS);
    }

    static Change badQuota() {
        return Change.refuse(Refusal.Key.QUOTA);
    }

    private static Change noUser(String name) {
        return Change.refuse(Refusal.Key.MAILBOX_MISSING, name);
    }

    private static Change modify(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        if (Quota.parse(options.last("q").orElse("NOQUOTA")).isEmpty()) {
            return badQuota();
        }
        return each(directory, options.operand(0), before -> modify(directory, options, before));
    }

    private static Change modify(EditableDirectory directory, Getopt.Given options, EditableDirectory.Mailbox before)
            throws IOException {
        Map<Property, Object> values = new EnumMap<>(Property.class);
        if (options.has("x")) {
            values.putAll(Map.of(Property.POP, true, Property.SMTP, true, Property.POSTMASTER, false));
        }
        if (options.has("q")) {
            values.put(Property.QUOTA, Quota.parse(options.last("q").orElse("")).orElseThrow());
        }
        options.last("c").ifPresent(comment -> values.put(Property.NAME, comment));
        recovery(options).ifPresent(said -> values.put(Property.RECOVERY, said));
        if (options.has("p")) {
            values.put(Property.POP, false);
        }
        if (options.has("s")) {
            values.put(Property.SMTP, false);
        }
        if (options.has("a") || before.local().equals(EditableDirectory.POSTMASTER)) {
            values.put(Property.POSTMASTER, true);
        }
        Change change = directory.apply(new Edit.Modify(before.address(), values));
        if (change instanceof Change.Done && options.has("C")) {
            change = directory.apply(new Edit.SetPassword(
                    before.address(), new Password.Clear(options.last("C").orElse(""))));
        } else if (change instanceof Change.Done && options.has("e")) {
            change = directory.apply(new Edit.SetPassword(
                    before.address(), new Password.Hashed(options.last("e").orElse(""))));
        }
        return change;
    }

    private static Change info(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        boolean domain = options.has("D");
        if (domain != options.operands().isEmpty()) {
            return Change.refuse(Refusal.Key.COMMAND_ADDRESS_OR_DOMAIN);
        }
        if (options.has(Commands.JSON)) {
            List<Map<String, Object>> shapes = new ArrayList<>();
            Change change = each(directory, domain ? options.last("D").orElse("") : options.operand(0), mailbox -> {
                shapes.add(shape(mailbox, stdio));
                return new Change.Done();
            });
            if (change instanceof Change.Done) {
                JsonWriter.print(domain ? shapes : shapes.getFirst(), stdio.out());
            }
            return change;
        }
        boolean all = options.has("a") || options.names().stream().noneMatch("nugcdqQ"::contains);
        return each(directory, domain ? options.last("D").orElse("") : options.operand(0), mailbox -> {
            if (domain) {
                stdio.out().println("------------------------------------------");
            }
            if (all) {
                everything(mailbox, stdio);
            } else {
                fields(mailbox, options, stdio);
            }
            return new Change.Done();
        });
    }

    private static Map<String, Object> shape(EditableDirectory.Mailbox mailbox, Program.Stdio stdio)
            throws IOException {
        Map<String, Object> shape = new LinkedHashMap<>(Shapes.of(mailbox));
        shape.put("uid", Settings.VPOPMAIL);
        shape.put("gid", Settings.VPOPMAIL);
        shape.put("folder", home(mailbox, stdio).toString());
        shape.put("usage", usage(mailbox, stdio));
        return shape;
    }

    private static Path home(EditableDirectory.Mailbox mailbox, Program.Stdio stdio) {
        return State.of(stdio.environment()).maildirs().resolve(mailbox.home());
    }

    // DEVIATION: vuserinfo prints no password, neither hashed nor in clear: hashes leave the database only for the
    // snapshots of those who check them, and for vconvert.
    private static void everything(EditableDirectory.Mailbox mailbox, Program.Stdio stdio) throws IOException {
        PrintStream out = stdio.out();
        out.println("name:   " + mailbox.local());
        out.println("domain: " + mailbox.address().substring(mailbox.local().length() + 1));
        out.println("uid:    " + Settings.VPOPMAIL);
        out.println("gid:    " + Settings.VPOPMAIL);
        out.println("gecos:  " + mailbox.name());
        out.println("pop:    " + (mailbox.is(Property.POP) ? "yes" : "no"));
        out.println("smtp:   " + (mailbox.is(Property.SMTP) ? "yes" : "no"));
        out.println("admin:  " + (mailbox.is(Property.POSTMASTER) ? "yes" : "no"));
        out.println("dir:    " + home(mailbox, stdio));
        out.println("quota:  " + mailbox.quota());
        out.println("usage:  " + usage(mailbox, stdio));
    }

    /// Each on a line, in the order that vpopmail has.
    private static void fields(EditableDirectory.Mailbox mailbox, Getopt.Given options, Program.Stdio stdio)
            throws IOException {
        PrintStream out = stdio.out();
        for (String field : List.of("n", "u", "g", "c", "d", "q", "Q")) {
            if (options.has(field)) {
                out.println(
                        switch (field) {
                            case "n" -> mailbox.local();
                            case "c" -> mailbox.name();
                            case "d" -> home(mailbox, stdio).toString();
                            case "q" -> mailbox.quota().toString();
                            case "Q" -> usage(mailbox, stdio);
                            default -> Integer.toString(Settings.VPOPMAIL);
                        });
            }
        }
    }

    /// How full it is, in percent; `NOQUOTA` for a mailbox that cannot be.
    private static String usage(EditableDirectory.Mailbox mailbox, Program.Stdio stdio) throws IOException {
        Quota quota = mailbox.quota();
        if (quota.equals(Quota.NONE)) {
            return quota.toString();
        }
        MaildirQuota.Usage usage =
                new MaildirQuota(home(mailbox, stdio).resolve("Maildir"), InstantSource.system()).usage();
        double bytes = quota.bytes() == 0 ? 0 : (double) usage.bytes() / quota.bytes();
        double messages = quota.messages() == 0 ? 0 : (double) usage.messages() / quota.messages();
        return Math.round(100 * Math.max(bytes, messages)) + "%";
    }
}
