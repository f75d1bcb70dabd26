package qrate.admin;

import java.security.SecureRandom;

/// Passwords for people who are handed one: 16 letters and digits that are not taken for others, 78 bits.
record RandomPassword(SecureRandom random) {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int GROUPS = 4;
    private static final int GROUP_LETTERS = 4;

    String next() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP_LETTERS; i++) {
            password.append(i > 0 && i % GROUP_LETTERS == 0 ? "-" : "")
                    .append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
