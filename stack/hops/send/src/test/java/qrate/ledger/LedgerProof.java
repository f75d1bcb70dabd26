package qrate.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import qrate.core.Disk;
import qrate.qcontrol.QueueControl.Item;

/// What `ledger check` says of a ledger on any disk; stands in its package to be as strict as the command is.
public final class LedgerProof {
    private LedgerProof() {}

    /// Every problem.
    public static List<String> problems(Disk disk, Map<Long, Item> queue) throws IOException {
        LedgerCheck check = new LedgerCheck();
        new LedgerReader(disk).read(stamped -> check.take(stamped.line()));
        return check.problems(queue).stream()
                .map(problem -> problem.id() + " " + problem.what())
                .toList();
    }

    /// The texts of all lines.
    public static List<String> lines(Disk disk) throws IOException {
        List<String> lines = new ArrayList<>();
        new LedgerReader(disk).read(stamped -> lines.add(stamped.text()));
        return lines;
    }

    /// Messages whose acceptance it knows.
    public static long messages(Disk disk) throws IOException {
        LedgerCheck check = new LedgerCheck();
        new LedgerReader(disk).read(stamped -> check.take(stamped.line()));
        return check.sums(Map.of()).messages();
    }
}
