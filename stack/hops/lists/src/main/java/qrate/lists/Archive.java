package qrate.lists;

/// Where a message of the archive is: number 100m+n in `archive/m/nn` (ezmlm(5)).
// DEVIATION: ezmlm marks a whole file by its owner's execute bit; here it gets its name only when it is whole
public final class Archive {
    private static final int FOLDER_MESSAGES = 100;

    private Archive() {}

    /// The file of a message below the list's folder.
    ///
    /// @param number from 1
    public static String file(long number) {
        return "archive/" + number / FOLDER_MESSAGES + "/" + String.format("%02d", number % FOLDER_MESSAGES);
    }
}
