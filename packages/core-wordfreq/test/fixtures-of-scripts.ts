/** Short texts that mix scripts, and everything that cuts and decoders get wrong. */
export const MIXED_TEXTS: readonly string[] = [
  'The quick (“brown”) fox can’t jump 32.3 feet, right?',
  "O'Neill's e-mail: o.neill@example.com — 3,141.59 or 3.14.15!",
  'Straße, STRASSE; ΟΔΟΣ οδός ὈΔΥΣΣΕΎΣ; İstanbul ıssız',
  'Begins in English, «\u00a0l’ÉTÉ…\u00a0» “Naïve” rock’n’roll 1’000 x’ 5.é n.é _É e․f é’\u200d☕é',
  'Все счастливые семьи похожи друг на друга',
  '子曰：「學而時習之，不亦說乎？」我爱北京天安门',
  'カタカナ_とひらがなとｶﾀｶﾅ、東京タワー',
  'ภาษาไทยง่ายนิดเดียว ພາສາລາວ ភាសាខ្មែរ မြန်မာဘာသာ',
  'نحن نُحِبُّ الكُتُبَ، می‌خواهم ١٢٣٫٤٥',
  'צה"ל אמר ש\'לום',
  'हिन्दी में लिखना 한국어를 씁니다',
  '👩‍👩‍👧 🇩🇪🇫🇷 ☕️x a\u0301e\u0301 co\u00adoperate',
  '\ufeffbom\r\nline\rline\n\ttab\u0000nul\u2028sep',
  '__proto__ constructor x__y 1_000 _',
  'a\n\u200dⓂ b\t\u200dⓂ c \u0301\u200dⓂ  d 1,\u200d🅰 2.\u00ad\u200d☕\u200dⓂ 3,\u200d4 e’\u200df \u3164',
];

/** Byte sequences that are not UTF-8, between words. */
export const BROKEN_BYTES: readonly (readonly number[])[] = [
  [0x61, 0xff, 0x62],
  [0x61, 0xc3],
  [0xe4, 0xb8, 0x20, 0x61],
  [0xf0, 0x9f, 0x98, 0x61, 0x62],
  [0xed, 0xa0, 0x80, 0x61],
  [0xc0, 0xaf, 0x61, 0x80, 0x62],
  [0xf4, 0x90, 0x80, 0x80, 0x61],
  [0x61, 0xe0, 0x80, 0xaf, 0x62],
];
