/**
 * Whether a word looks drawn by a machine. Five signs, each of which ordinary words show now and then; two of them together
 * hardly ever. Short words show nothing.
 */
const shortest = 8

export function looksMadeByMachine(word: string): boolean {
  const text = word.toLowerCase()
  if (text.length < shortest || /[^\x20-\x7e]/.test(text)) return false
  let signs = 0
  if (changes(text) >= 3) signs += changes(text) >= 5 ? 2 : 1
  if (/^[0-9a-f]+$/.test(text) && changes(text) >= 2) signs++
  if (longestRun(text) >= 5) signs += longestRun(text) >= 7 ? 2 : 1
  if (rarePairs(text) >= 2) signs += rarePairs(text) >= 4 ? 2 : 1
  if (vowelShare(text) < 0.15) signs++
  return signs >= 2
}

/** How often letters and digits take turns: taro1985 once. */
function changes(text: string): number {
  let n = 0
  for (let i = 1; i < text.length; i++) {
    const [before, now] = [kindAt(text, i - 1), kindAt(text, i)]
    if (before !== now && before !== 'other' && now !== 'other') n++
  }
  return n
}

function kindAt(text: string, i: number): 'letter' | 'digit' | 'other' {
  const code = text.charCodeAt(i)
  return code >= 97 && code <= 122 ? 'letter' : code >= 48 && code <= 57 ? 'digit' : 'other'
}

const isVowel = (letter: string): boolean => 'aeiouy'.includes(letter)

/** Consonants in a row. */
function longestRun(text: string): number {
  let longest = 0
  let run = 0
  for (let i = 0; i < text.length; i++) {
    run = kindAt(text, i) === 'letter' && !isVowel(text.charAt(i)) ? run + 1 : 0
    if (run > longest) longest = run
  }
  return longest
}

/** Of letters; words of fewer than six letters have none to speak of. */
function vowelShare(text: string): number {
  let letters = 0
  let vowels = 0
  for (let i = 0; i < text.length; i++) {
    if (kindAt(text, i) !== 'letter') continue
    letters++
    if (isVowel(text.charAt(i))) vowels++
  }
  return letters < 6 ? 1 : vowels / letters
}

/** Neighbours that hardly stand together in names and words of Latin letters. */
const rare = new Set(
  (
    'bq bx cj cv cx dx fq fx gq gx hx jb jc jd jf jg jh jl jm jn jp jq jr js jt jv jw jx jz kq kx lx mx pq px qa qb qc qd qe qf qg qh qi qj qk ql qm qn qo qp qr qs qt qv qw qx qy qz ' +
    'sx tx vb vc vd vf vg vh vj vk vm vn vp vq vt vw vx vz wj wq wv wx wz xb xg xj xk xn xr xs xv xz zb zc zd zf zg zj zn zp zq zr zs zt zv zw zx kz kv hj hq hz hv fz fv fj fk gv gz bz bv bk bf bg ' +
    'pv pz pj pg pb mj mz mq mv lq lz lj dq dz cq cz cg cf cb cd gj gk gf wf wg wc wm wp wu wy uq ux uv yj yq yv yx yy uu ii'
  ).split(' '),
)

function rarePairs(text: string): number {
  let n = 0
  for (let i = 1; i < text.length; i++) if (rare.has(text.slice(i - 1, i + 1))) n++
  return n
}
