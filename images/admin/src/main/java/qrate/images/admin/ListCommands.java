package qrate.images.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import qrate.core.Program;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Refusal;
import qrate.directory.Words;
import qrate.lists.ListSettings;
import qrate.lists.Lists;
import qrate.lists.Make;

/// `ezmlm-make`, `ezmlm-sub`, `ezmlm-unsub` and `ezmlm-list`, here since this image may write folders of domains and
/// the directory.
final class ListCommands {
    private static final int REFUSED = 100;

    private ListCommands() {}

    /// By name.
    static Map<String, Program> programs() {
        Map<String, Program> programs = new TreeMap<>();
        Lists lists = Lists.withoutQueue();
        for (String name : List.of("ezmlm-sub", "ezmlm-unsub", "ezmlm-list")) {
            programs.put(name, Objects.requireNonNull(lists.byHand().get(name)));
        }
        programs.put("ezmlm-make", new Make(new Aliases(), new SecureRandom()));
        return programs;
    }

    /// Aliases that open the SMTP door to a list's addresses; its `.qmail` files come before them in delivery.
    private static final class Aliases implements Make.Announcement {
        private static String target(String host) {
            return "postmaster@" + host;
        }

        @Override
        public boolean isTaken(String local, String host, Program.Stdio stdio) throws IOException {
            try (EditableDirectory directory = Opening.open(stdio.environment())) {
                // those that a list left behind are no other's
                return directory.aliases(host).stream()
                        .anyMatch(alias -> alias.address().equals(local + "@" + host)
                                && !alias.target().equals(target(host)));
            }
        }

        @Override
        public OptionalInt makes(Make.Plan plan, Program.Stdio stdio) throws IOException {
            String address = plan.local() + "@" + plan.host();
            // what the command does not say stays, as it does in the list's folder
            ListSettings before = ListSettings.read(plan.dir());
            String prefix = before.prefix().isEmpty() && plan.flags().contains('f')
                    ? "[" + plan.local() + "]"
                    : before.prefix();
            ListSettings settings =
                    new ListSettings(plan.owner(), plan.flags(), prefix, before.oneClick(), before.rewriteFrom());
            return OptionalInt.of(apply(address, new Edit.SetList(address, settings), stdio));
        }

        @Override
        public int made(String local, String host, Program.Stdio stdio) throws IOException {
            for (String address : Make.addresses(local, host)) {
                int code = apply(address, new Edit.AddAlias(new EditableDirectory.Alias(address, target(host))), stdio);
                if (code != 0) {
                    return code;
                }
            }
            return 0;
        }

        private static int apply(String address, Edit edit, Program.Stdio stdio) throws IOException {
            try (EditableDirectory directory = Opening.open(stdio.environment())) {
                Change change = directory.apply(edit);
                if (change instanceof Change.Refused refused
                        && refused.refusal().key() != Refusal.Key.ALIAS_EXISTS) {
                    stdio.err()
                            .println("ezmlm-make: fatal: " + address + ": "
                                    + Words.of(stdio.environment()).of(refused));
                    return REFUSED;
                }
                return 0;
            }
        }
    }
}
