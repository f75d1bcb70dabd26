package qrate.images.admin;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Verdict;
import qrate.lists.Lists;
import qrate.lists.Make;
import qrate.vpopmail.Commands;

/// `ezmlm-make`, `ezmlm-sub`, `ezmlm-unsub` and `ezmlm-list`, here since this image may write folders of domains and
/// the directory.
final class ListCommands {
    private ListCommands() {}

    /// By name.
    static Map<String, Program> programs() {
        Map<String, Program> programs = new TreeMap<>();
        Lists lists = new Lists(
                (_, _) -> new Verdict.Later("no way to the queue here"),
                InstantSource.system(),
                new SecureRandom(),
                Log.silent());
        for (String name : List.of("ezmlm-sub", "ezmlm-unsub", "ezmlm-list")) {
            programs.put(name, Objects.requireNonNull(lists.byHand().get(name)));
        }
        programs.put("ezmlm-make", new Make(ListCommands::announce, new SecureRandom()));
        return programs;
    }

    /// Aliases that open the SMTP door to a list's addresses; its `.qmail` files come before them in delivery.
    private static int announce(String local, String host, Program.Stdio stdio) throws Exception {
        Program valias = Objects.requireNonNull(Commands.programs().get("valias"));
        for (String name : List.of(local, local + "-default")) {
            int code = valias.run(List.of("-i", "postmaster@" + host, name + "@" + host), stdio);
            if (code != 0) {
                return code;
            }
        }
        return 0;
    }
}
