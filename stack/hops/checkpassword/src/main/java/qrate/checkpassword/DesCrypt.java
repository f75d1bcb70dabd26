package qrate.checkpassword;

import java.util.Arrays;

/// The first hash of crypt(3): DES with a salt, 25 times over a block of zeros (crypt(5), FIPS 46-3). Eight bytes of
/// the password count, seven bits of each. Accounts that were made before MD5 came have one.
///
/// Bits are array elements, most significant first; a password costs a millisecond or so.
final class DesCrypt {
    private static final int ITERATIONS = 25;
    private static final int ROUNDS = 16;
    private static final int BLOCK_BITS = 64;
    private static final int HALF_BITS = 32;
    private static final int KEY_HALF_BITS = 28;
    private static final int EXPANDED_BITS = 48;
    private static final int PASSWORD_BYTES = 8;
    private static final int SALT_CHARS = 2;
    private static final int CHAR_BITS = 6;

    private static final int[] INITIAL = {
        58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32,
        24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55,
        47, 39, 31, 23, 15, 7
    };
    private static final int[] EXPANSION = {
        32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17, 16, 17, 18, 19, 20, 21, 20,
        21, 22, 23, 24, 25, 24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1
    };
    private static final int[] PERMUTATION = {
        16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11,
        4, 25
    };
    private static final int[] CHOICE_1 = {
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63,
        55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4
    };
    private static final int[] CHOICE_2 = {
        14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55,
        30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32
    };
    private static final int[] SHIFTS = {1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1};

    /// The selection functions S1 to S8, a hexadecimal digit for each entry, row by row.
    private static final String[] SELECTION = {
        "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
        "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
        "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
        "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
        "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
        "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
        "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
        "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b"
    };

    private DesCrypt() {}

    /// The hash of a password, with its salt in front: 13 characters.
    ///
    /// @param salt two characters of the alphabet
    static String hash(byte[] password, String salt) {
        int[][] keys = keys(password);
        int[] expansion = expansion(salt);
        int[] block = new int[BLOCK_BITS];
        for (int i = 0; i < ITERATIONS; i++) {
            block = encrypted(block, keys, expansion);
        }
        StringBuilder text = new StringBuilder(salt);
        for (int at = 0; at < BLOCK_BITS; at += CHAR_BITS) {
            int value = 0;
            for (int bit = at; bit < at + CHAR_BITS; bit++) {
                value = (value << 1) | (bit < BLOCK_BITS ? block[bit] : 0);
            }
            text.append(Crypt.ALPHABET.charAt(value));
        }
        return text.toString();
    }

    private static int[][] keys(byte[] password) {
        int[] key = new int[BLOCK_BITS];
        for (int i = 0; i < Math.min(PASSWORD_BYTES, password.length) && password[i] != 0; i++) {
            for (int bit = 0; bit < Byte.SIZE - 1; bit++) {
                key[i * Byte.SIZE + bit] = (password[i] >> (Byte.SIZE - 2 - bit)) & 1;
            }
        }
        int[] chosen = permuted(key, CHOICE_1);
        int[][] keys = new int[ROUNDS][];
        int turned = 0;
        for (int round = 0; round < ROUNDS; round++) {
            turned += SHIFTS[round];
            int[] both = new int[2 * KEY_HALF_BITS];
            for (int i = 0; i < KEY_HALF_BITS; i++) {
                both[i] = chosen[(i + turned) % KEY_HALF_BITS];
                both[KEY_HALF_BITS + i] = chosen[KEY_HALF_BITS + (i + turned) % KEY_HALF_BITS];
            }
            keys[round] = permuted(both, CHOICE_2);
        }
        return keys;
    }

    /// The salt swaps entries of the expansion with those 24 behind.
    private static int[] expansion(String salt) {
        int[] table = EXPANSION.clone();
        for (int i = 0; i < SALT_CHARS; i++) {
            int value = Crypt.ALPHABET.indexOf(salt.charAt(i));
            for (int bit = 0; bit < CHAR_BITS; bit++) {
                if (((value >> bit) & 1) != 0) {
                    int at = i * CHAR_BITS + bit;
                    int other = table[at];
                    table[at] = table[at + EXPANDED_BITS / 2];
                    table[at + EXPANDED_BITS / 2] = other;
                }
            }
        }
        return table;
    }

    private static int[] encrypted(int[] block, int[][] keys, int[] expansion) {
        int[] start = permuted(block, INITIAL);
        int[] left = Arrays.copyOf(start, HALF_BITS);
        int[] right = Arrays.copyOfRange(start, HALF_BITS, BLOCK_BITS);
        for (int[] key : keys) {
            int[] mixed = permuted(selected(permuted(right, expansion), key), PERMUTATION);
            for (int i = 0; i < HALF_BITS; i++) {
                mixed[i] ^= left[i];
            }
            left = right;
            right = mixed;
        }
        int[] end = new int[BLOCK_BITS];
        for (int i = 0; i < BLOCK_BITS; i++) {
            int from = INITIAL[i] - 1;
            end[from] = i < HALF_BITS ? right[i] : left[i - HALF_BITS];
        }
        return end;
    }

    private static int[] selected(int[] expanded, int[] key) {
        int[] out = new int[HALF_BITS];
        for (int box = 0; box < SELECTION.length; box++) {
            int six = 0;
            for (int bit = box * CHAR_BITS; bit < (box + 1) * CHAR_BITS; bit++) {
                six = (six << 1) | (expanded[bit] ^ key[bit]);
            }
            int row = ((six >> 4) & 2) | (six & 1);
            int column = (six >> 1) & 0xf;
            int four = Character.digit(SELECTION[box].charAt(row * 16 + column), 16);
            for (int bit = 0; bit < 4; bit++) {
                out[box * 4 + bit] = (four >> (3 - bit)) & 1;
            }
        }
        return out;
    }

    private static int[] permuted(int[] bits, int[] table) {
        int[] out = new int[table.length];
        for (int i = 0; i < table.length; i++) {
            out[i] = bits[table[i] - 1];
        }
        return out;
    }
}
