#!/usr/bin/env ruby
# frozen_string_literal: true

# Compares our reading of kramdown with kramdown's own on random texts.
#
# A text is a composition of all that kramdown knows, nested, indented and broken at random. Both sides read thousands
# of them at a time: kramdown in this process, our program one folder after the other. Where the two differ, the text is
# made as small as it can be while they still do, and texts that come to the same are shown once, as soon as they are
# found, as pairs for the files beside this one.
#
#   tests/dialect/fuzz.rb --program target/release/handbook [--count 20000] [--seed 1] [--minutes 60] [--profile NAME]
#
# Needs Ruby with kramdown 2.4 and kramdown-parser-gfm 1.1 (Debian: ruby-kramdown, ruby-kramdown-parser-gfm).
# The exit status is 1 when a difference was found.

require 'digest'
require 'fileutils'
require 'optparse'
require 'strscan'
require 'timeout'
require 'tmpdir'
require 'kramdown'
require 'kramdown/parser/gfm'

Encoding.default_external = 'utf-8'

STRAIGHT = '39,39,34,34'
CURLED = 'lsquo,rsquo,ldquo,rdquo'

# One blank line below the front matter belongs to it.
FRONT_MATTER = "---\ntitle: x\n---\n\n"

# What a site may set: the options, as kramdown takes them, and as our `site.toml` says them.
PROFILES = {
  'handbook' => [{ input: 'GFM', smart_quotes: STRAIGHT }, ''],
  'curled' => [{ input: 'GFM', smart_quotes: CURLED }, 'smart_quotes = true'],
  'html' => [{ input: 'GFM', smart_quotes: STRAIGHT, parse_block_html: true }, 'parse_block_html = true'],
  'wrapped' => [{ input: 'GFM', smart_quotes: STRAIGHT, hard_wrap: true }, 'hard_wrap = true'],
  'kramdown' => [{ input: 'kramdown', smart_quotes: CURLED }, "input = \"kramdown\"\nsmart_quotes = true"],
  'raw' => [{ input: 'kramdown', smart_quotes: STRAIGHT, parse_block_html: true, parse_span_html: false },
            "input = \"kramdown\"\nparse_block_html = true\nparse_span_html = false"]
}.freeze

# Seconds after which kramdown has failed on a text. All but a few take it a hundredth of one; those never end.
PATIENCE = 2

# Differences on purpose, as the guide's table "Where we differ from kramdown" has them, by what the smallest text that
# differs looks like. They are counted by themselves.
LISTED = {
  # Right below a line of text, which no heading is, they are in its sentence.
  'options in the middle of a sentence' =>
    /\S[^\n]*\{::options\b|\{::options\b[^\n]*\}[^\n]*\S|^(?! {0,3}#)[^\n]*\S[^\n]*\n[^\n]*\{::options\b/,
  'elements inside pre that are read as blocks' => /<pre\b.*\bmarkdown=/m
}.freeze

# Makes texts.
class Composer
  WORDS = %w[a b leave team Pay 1 x1 HTML API é 本 ß].freeze
  ODD = ["\u{A0}", "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{FE0F}", "\t", "\u{C}", "\u{B}", '🙂', "e\u{301}", "\u{85}"].freeze
  TOKENS = ['*', '**', '_', '__', '***', '`', '``', '```', '~~', '~~~', '[', ']', '(', ')', '![', '<', '>', '</', '/>', '"', "'", '{', '}',
            '{:', '{::', '{:/', '|', '||', ':', ': ', '-', '--', '---', '+', '#', '##', '=', '===', '$', '$$', '\\', '\\\\', '&', '&amp;', '!',
            '^', '[^', '.', '...', '<<', '>>', '1.', '2. ', '* ', '- ', '+ ', '> ', ' ', '  ', "\n", "\n\n", '<b>', '</b>', '<div>',
            '</div>', '<br>', '<!--', '-->', '<p>', '</p>', 'a', 'b', '@', 'http:', '://', '?', '%', ',', ';'].freeze
  BLOCK_TAGS = %w[div p section details summary table td ul li h2 pre script style blockquote address figure form aside x-y
                  iframe header dl dt dd hr CUSTOMER video noscript math option textarea].freeze
  SPAN_TAGS = %w[b i span a em strong code br img kbd sub u del small NAME x-y input button label select script cite q].freeze
  ATTRIBUTE_LISTS = ['{:.c}', '{: .c #i}', '{:toc}', '{: .no_toc}', '{:ref}', '{: title="a b"}', "{:k='v' .d}", '{: .a.b#e}', '{:%}',
                     '{: }', '{:}', '{:.c }', '{:standalone}', '{:k="a\\"b"}', '{: #1}', '{: k=v}', '{:.c', '{:toc .x}',
                     '{: class="p q"}', '{: id="z"}', '{:rel="x" .c ref}'].freeze
  OPTIONS = ['parse_block_html="true"', 'parse_span_html="false"', 'toc_levels="2..3"', 'auto_ids="false"', 'auto_id_prefix="p-"',
             'header_offset="1"', 'footnote_nr="3"', 'smart_quotes="laquo,raquo,39,34"', 'nope="1"', 'toc_levels="9"',
             'header_offset="-1"', 'parse_block_html="false"', 'footnote_backlink=""', 'auto_id_stripping="true"'].freeze

  def initialize(random)
    @random = random
  end

  def text
    text = chance(8) ? soup(rand(3..25)) : lines(rand(1..5), 0).join("\n") + "\n"
    text = damage(text) while chance(3)
    text += definitions if chance(3)
    text = text.gsub("\n", "\r\n") if chance(40)
    text = text.chomp if chance(10)
    # kramdown never gets past indented code that begins with such a character, as the guide's table says.
    text.gsub(/^([ \t>\d.*+:-]*)[\f\v]+/, '\1')
  end

  private

  def rand(range) = @random.rand(range)

  def chance(one_in) = @random.rand(one_in).zero?

  def pick(list) = list[@random.rand(list.length)]

  def soup(count) = "#{Array.new(count) { chance(4) ? "#{pick(WORDS)} " : pick(TOKENS) }.join}\n"

  # One small thing changed, as a slip of the pen or a merge would.
  def damage(text)
    return text if text.empty?

    at = rand(0...text.length)
    case rand(0..6)
    when 0 then text[0...at] + text[(at + 1)..]
    when 1 then text[0...at] + pick(TOKENS) + text[at..]
    when 2 then text[0...at] + pick(ODD) + text[at..]
    when 3
      lines = text.lines
      lines.delete_at(rand(0...lines.length))
      lines.join
    when 4
      lines = text.lines
      line = rand(0...lines.length)
      lines[line] = pick([' ', '  ', '   ', '    ', "\t", '      ']) + lines[line]
      lines.join
    when 5
      lines = text.lines
      line = rand(0...lines.length)
      lines.insert(line, pick(["\n", lines[line], "#{attribute_list}\n", "^\n", "  \n"]))
      lines.join
    else
      text.sub(/[ \t]+$/, '').sub(/\n/, pick(["  \n", " \n", "\\\\\n", "\n \n", "\t\n"]))
    end
  end

  def definitions
    made = ["[id]: /target", "[^1]: note #{spans(1)}", '*[HTML]: Hyper', '{:ref: .r title="t"}', "[^n]:\n    > #{spans(1)}\n\n    - x",
            '[id]: <a b> "title"', "[id]: /x 'y'\n{:.l}", '*[API]: x', "[^2]: a\n\n    b", "[x y]: /u\n  \"below\"", '[b]: c'].sample(rand(1..4), random: @random)
    "\n#{made.join("\n")}\n"
  end

  def attribute_list = pick(ATTRIBUTE_LISTS)

  # `count` blocks, as lines.
  def lines(count, depth)
    (0...count).flat_map do |index|
      made = block(depth)
      made = made.map { |line| (' ' * rand(1..5)) + line } if chance(15)
      blanks = pick([0, 0, 1, 1, 1, 1, 2])
      made += [attribute_list] if chance(8)
      made = [attribute_list] + made if chance(25)
      index + 1 < count ? made + Array.new(blanks) { chance(15) ? pick(['  ', "\t"]) : '' } : made
    end
  end

  def block(depth)
    kind = rand(0..(depth > 2 ? 12 : 24))
    case kind
    when 0..3 then paragraph
    when 4 then ["#{'#' * rand(1..6)}#{pick([' ', ' ', '', '  '])}#{spans(2)}#{pick(['', '', ' ##', ' {#id-1}', ' {: .c}', '#'])}"]
    when 5 then [spans(2), pick(['===', '---', '-', '= ', '--- -'])]
    when 6 then [pick(['---', '* * *', '***', '- - -', '_ _ _', ' * * *', '-- -'])]
    when 7 then fence
    when 8 then paragraph.map { |line| "    #{line}" } + (chance(3) ? ['', "\tb"] : [])
    when 9 then table
    when 10 then math
    when 11 then extension
    when 12 then [pick(['^', attribute_list, '{:ref: .r}', '*[a]: b', '[id]: /u', '[^1]: f', '{::options %s /}' % pick(OPTIONS), "- toc\n{:toc}"])]
    when 13, 14 then quote(depth)
    when 15..18 then list(depth)
    when 19, 20 then definition_list(depth)
    when 21..23 then html(depth)
    else note(depth)
    end
  end

  def paragraph = Array.new(rand(1..3)) { spans(rand(1..4)) + pick(['', '', '', '', '  ', '\\\\', '\\', ' ']) }

  def fence
    mark = pick(['```', '~~~', '````', '~~~~~'])
    body = chance(3) ? lines(1, 3) : paragraph
    [mark + pick(['', ' ruby', 'js', ' a b', 'x?y', '{.c}'])] + body + [chance(8) ? '' : mark + pick(['', '', ' ', mark[0]])]
  end

  def table
    rows = Array.new(rand(1..4)) do
      case rand(0..5)
      when 0 then pick(['|---|---|', '|-|-', '---|:--:', '|:-|-:|', '|===|===|', '| --- | --- |', '--|--'])
      else
        cells = Array.new(rand(1..3)) { chance(6) ? '' : spans(1) }
        pick(['', '|', '| ']) + cells.join(pick(['|', ' | '])) + pick(['', '|', ' |', '| '])
      end
    end
    rows.map { |row| row.include?('|') ? row : "#{row}|" }
  end

  def math
    case rand(0..3)
    when 0 then ["$$a + b$$"]
    when 1 then ['$$', pick(['x_1 < y', '', 'a * b']), '$$']
    when 2 then ["#{spans(1)} $$x$$"]
    else ["\\$$a$$ #{spans(1)}"]
    end
  end

  def extension
    name = pick(%w[comment nomarkdown options comment nomarkdown foo])
    list = name == 'options' ? " #{pick(OPTIONS)}" : pick(['', '', ' type="html"', ' type="latex"', ' '])
    return ["{::#{name}#{list} /}"] if chance(3) || name == 'options'

    ["{::#{name}#{list}}"] + paragraph + [pick(['{:/}', "{:/#{name}}", "{:/#{name}} ", ''])]
  end

  def quote(depth)
    lines(rand(1..3), depth + 1).map { |line| chance(12) ? line : pick(['> ', '> ', '>', ' > ']) + line }
  end

  def list(depth)
    ordered = chance(2)
    Array.new(rand(1..3)) do |index|
      marker = ordered ? "#{pick([index + 1, 1, 7, 12])}." : pick(['-', '-', '*', '+'])
      marker += pick([' ', ' ', '  ', "\t", '   ', '     '])
      marker += pick(['[ ] ', '[x] ', '{:.c} ', "#{attribute_list} "]) if chance(8)
      within(lines(pick([1, 1, 1, 2, 3]), depth + 1), marker) + (chance(4) ? [''] : [])
    end.flatten
  end

  # Lines below a marker, the first beside it.
  def within(body, marker)
    indent = pick([marker.length, marker.length, marker.length, 4, 2, 0, 3])
    body.each_with_index.map do |line, index|
      next marker + line if index.zero?
      next line if line.empty? || chance(15)

      indent == 4 && chance(4) ? "\t#{line}" : (' ' * indent) + line
    end
  end

  def definition_list(depth)
    terms = Array.new(rand(1..2)) { spans(1) }
    blank = chance(4) ? [''] : []
    bodies = Array.new(rand(1..2)) { within(lines(rand(1..2), depth + 1), pick([': ', ':   ', " :\t", ': {:.d} '])) }
    terms + blank + bodies.flatten
  end

  def html(depth)
    tag = pick(BLOCK_TAGS)
    attributes = pick(['', '', '', ' markdown="1"', ' markdown="block"', ' markdown="span"', ' markdown="0"', ' class="k"', ' id=x',
                       ' CLASS="K" disabled', " a='1'\n b=\"2\""])
    case rand(0..6)
    when 0 then ["<!-- #{spans(1)} -->#{pick(['', ' ', spans(1)])}"]
    when 1 then ["<#{tag}#{attributes}>#{spans(2)}</#{tag}>#{pick(['', '', ' ', spans(1)])}"]
    when 2 then ["<#{tag}#{attributes} />#{pick(['', spans(1)])}"]
    when 3 then ["</#{tag}>"]
    when 4 then ["<#{tag}#{attributes}>"] + lines(rand(1..2), depth + 1)
    else
      body = lines(rand(1..3), depth + 1)
      body = body.map { |line| "  #{line}" } if chance(3)
      ["<#{tag}#{attributes}>#{pick(['', '', spans(1)])}"] + body + [pick(['', '', ' ', '    ']) + "</#{tag}>#{pick(['', '', spans(1)])}"]
    end
  end

  def note(depth) = within(lines(rand(1..2), depth + 1), "[^#{pick(%w[1 2 n])}]: ")

  def spans(count) = Array.new(count) { span(0) }.join(pick([' ', ' ', ' ', '']))

  def span(depth)
    inner = -> { depth > 2 ? pick(WORDS) : Array.new(rand(1..2)) { span(depth + 1) }.join(pick([' ', ' ', ''])) }
    made =
      case rand(0..32)
      when 0..7 then pick(WORDS)
      when 8 then "*#{inner.call}*"
      when 9 then "_#{inner.call}_"
      when 10 then "**#{inner.call}**"
      when 11 then pick(["__#{inner.call}__", "***#{inner.call}***", "~~#{inner.call}~~"])
      when 12 then pick(["`#{pick(WORDS)}`", "``a ` b``", '` a `', "`#{inner.call}`", '`a', '`|`'])
      when 13, 14 then "[#{inner.call}](#{pick(['/u', 'a b', '<x y>', '/u "t"', "/u 't'", '', 'a(b)c', 'a_b_', '/u "a "b" c"', ' /u ', "/u\n\"t\""])})"
      when 15 then "![#{inner.call}](#{pick(['/i.png', 'i.png "t"', '<i j>', ''])})"
      when 16 then pick(["[#{inner.call}][id]", '[id]', '[id][]', '[b] [id]', "[#{inner.call}]", '![id]', '[x y][]', '[none][nowhere]', "[x\ny]"])
      when 17 then pick(['<http://a.b/c_d>', '<m@a.b>', '<mailto:m@a.b>', 'http://a.b/c_d', '<ftp://x>', '<a:b>'])
      when 18, 19 then "<#{tag = pick(SPAN_TAGS)}#{pick(['', '', ' class="s"', ' markdown="0"', ' markdown="1"', ' k=v', ' markdown="block"'])}>#{inner.call}</#{tag}>"
      when 20 then pick(["<#{pick(SPAN_TAGS)}>", "<#{pick(SPAN_TAGS)}/>", "</#{pick(SPAN_TAGS)}>", "<#{pick(BLOCK_TAGS)}>", '<!-- c -->', '<br />', '<?pi?>', '<?pi', '<!DOCTYPE x>'])
      when 21 then pick(['$$x_1$$', '$$a$$b', '$x$', '\\$$a$$', '$$ a $$'])
      when 22, 23 then pick(['--', '---', '...', '<<', '>>', '<< a >>', 'a -- b', '\\--', '....', '----', 'a--b'])
      when 24, 25 then pick(["\"#{inner.call}\"", "'#{inner.call}'", "it's", "'90s", '"', "'", "\"'a'\"", '5"', "'tis"])
      when 26 then pick(['&amp;', '&copy;', '&nope;', '&#65;', '&#x41;', '&', '&lt;b&gt;', '&nbsp;', 'a&b', '&#0;', '&mdash;'])
      when 27 then "\\#{pick('\\.*_+`<>()[]{}#!:|"\'$=-~&/a '.chars)}"
      when 28 then pick(['[^1]', '[^n]', '[^2]', '[^none]', '[^ ]', '[^1][^1]'])
      # No options: in the middle of a sentence they hold for other parts of the page than kramdown's, on purpose.
      when 29 then pick(['{::nomarkdown}<i>{:/}', '{::comment}x{:/}', '{::comment}', '{:/}', '{::comment /}', '{::foo}a{:/}', '{::nomarkdown type="latex"}x{:/}'])
      when 30 then pick(['HTML', 'API', 'HTMLAPI', 'an HTML.'])
      when 31 then pick(ODD) + pick(WORDS)
      else pick(TOKENS)
      end
    chance(14) ? made + attribute_list : made
  end
end

# HTML as tags, with attributes in order, and words; white space beside blocks does not count.
module Tokens
  BLOCKS = %w[address article aside blockquote body center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6
              header hr iframe li main nav ol p pre section summary table tbody td tfoot th thead tr ul video script style br].freeze
  TAG = /<(\/?)([[:alpha:]][[:alnum:]\-_:.]*)((?:[^">]|"[^"]*")*)>/m

  module_function

  def of(html)
    out = []
    text = +''
    in_pre = false
    scanner = StringScanner.new(html)
    until scanner.eos?
      if scanner.scan(/<!--.*?(-->|\z)/m)
        flush(out, text, true, in_pre)
      elsif scanner.scan(TAG)
        close, name, rest = scanner[1], scanner[2], scanner[3]
        is_block = BLOCKS.include?(name)
        # Blocks in `pre`, which only odd HTML has, are indented by kramdown as blocks elsewhere are.
        in_pre = false if is_block && (name != 'pre' || text.strip.empty?)
        flush(out, text, is_block, in_pre)
        in_pre = close.empty? && !rest.end_with?('/') if name == 'pre'
        out << (close.empty? ? [name, attributes(rest)] : "</#{name}>")
      else
        text << scanner.getch
        text << (scanner.scan(/[^<]+/) || '')
      end
    end
    flush(out, text, true, in_pre)
    out
  end

  def attributes(text)
    found = {}
    rest = text.sub(/\/?\s*\z/, '').gsub(/\s*([^\s="]+)="([^"]*)"/m) do
      name = Regexp.last_match(1)
      value = decode(Regexp.last_match(2))
      value = value.split.uniq.sort.join(' ') if name == 'class'
      found[name] = value unless value.empty? && %w[class id title].include?(name)
      ''
    end
    [found.sort, rest.strip]
  end

  def flush(out, text, before_block, in_pre)
    raw = text.dup
    text.clear
    return (out << decode(raw)) if in_pre

    last = out.last
    name = last.is_a?(Array) ? last[0] : last.to_s[/\A<\/(.*)>\z/, 1]
    after_block = last.nil? || BLOCKS.include?(name)
    words = raw.split(/[ \n\t\r\f]+/).reject(&:empty?)
    return if raw.empty? || (words.empty? && (before_block || after_block))

    out << ' ' if raw.match?(/\A[ \n\t\r\f]/) && !after_block
    words.each { |word| out << decode(word) }
    out << ' ' if raw.match?(/[ \n\t\r\f]\z/) && !before_block && !words.empty?
  end

  # Character references as the character; what none is stays.
  def decode(text)
    text.gsub(/&(?:#(\d{1,7})|#x(\h{1,6})|(\w+));/) do |found|
      number = Regexp.last_match(1)&.to_i || Regexp.last_match(2)&.hex
      number ? [number].pack('U') : Kramdown::Utils::Entities.entity(Regexp.last_match(3)).char
    rescue Kramdown::Error, RangeError
      found
    end
  end
end

# An attribute list on a link that uses a definition changes the definition in kramdown, and with it all later links.
# That we do not is in the guide's table, and so is what follows.
module OwnAttributes
  def add_link(element, href, title, alternative = nil, list = nil)
    super(element, href, title, alternative, list && Marshal.load(Marshal.dump(list)))
  end
end
Kramdown::Parser::Kramdown.prepend(OwnAttributes)

# In the caption of an image that stands for itself, kramdown writes `<` as it is.
module Captions
  def convert_standalone_image(paragraph, indent)
    caption = paragraph.children.first.attr['alt'].to_s
    super.sub("<figcaption>#{caption}</figcaption>") { "<figcaption>#{escape_html(caption)}</figcaption>" }
  end
end
Kramdown::Converter::Html.prepend(Captions)

# Both readers, with one set of options.
class Pair
  attr_reader :name

  def initialize(name, program, folder)
    @name = name
    @program = program
    @options, settings = PROFILES.fetch(name)
    @folder = File.join(folder, name)
    FileUtils.mkdir_p(@folder)
    File.write(File.join(@folder, 'site.toml'), "[markdown.kramdown]\n#{settings}\n")
  end

  # What kramdown makes of a text; nil when it fails or takes too long.
  def theirs(text)
    Timeout.timeout(PATIENCE) do
      Kramdown::Document.new(text.dup, { syntax_highlighter: nil, hard_wrap: false }.merge(@options)).to_html
    end
  rescue StandardError, SystemStackError
    nil
  end

  # What we make of each text.
  def ours(texts)
    from = File.join(@folder, 'in')
    to = File.join(@folder, 'out')
    [from, to].each { |path| FileUtils.rm_rf(path) }
    FileUtils.mkdir_p(from)
    # Front matter is no part of the dialect, and what begins like one would be taken for it.
    texts.each_with_index { |text, index| File.binwrite(File.join(from, "#{index}.md"), "#{FRONT_MATTER}#{text}") }
    command = [@program, 'render', '--dialect', 'kramdown', '--site', @folder, '--in', from, '--out', to]
    raise "#{@program} failed; the texts are in #{from}" unless system({ 'RAYON_NUM_THREADS' => '1' }, *command)

    texts.each_index.map { |index| File.read(File.join(to, "#{index}.html"), encoding: 'utf-8') }
  end

  # Of each text, whether the two differ; nil where kramdown says nothing.
  def differ(texts)
    theirs = texts.map { |text| theirs(text) }
    ours(texts).zip(theirs).map { |our, their| their && Tokens.of(our) != Tokens.of(their) }
  end
end

# Makes a text smaller while both sides still differ on it. Runs in a fiber: it hands out the texts that it wants to
# know about and goes on when it is told, so that all texts of a batch are made small together.
class Minimiser
  MOST_CANDIDATES = 40

  def smallest(text)
    plain = text.gsub("\r\n", "\n")
    text = plain if plain != text && first_differing([plain])
    loop do
      before = text
      text = without_parts(text.lines)
      text = without_parts(text.chars)
      text = plainer(text)
      return text if text == before
    end
  end

  private

  # The place of the first text on which the two sides differ.
  def first_differing(texts) = texts.empty? ? nil : Fiber.yield(texts).index(true)

  # Leaves out ever smaller runs of parts.
  def without_parts(parts)
    size = [parts.length / 2, 1].max
    loop do
      at = 0
      while at < parts.length
        starts = at.step(parts.length - 1, size).first(MOST_CANDIDATES)
        rests = starts.map { |start| parts[0...start] + (parts[(start + size)..] || []) }
        found = first_differing(rests.map(&:join))
        at = starts[found || -1] + (found ? 0 : size)
        parts = rests[found] if found
      end
      return parts.join if size == 1

      size = [size / 2, 1].max
    end
  end

  # One letter for any other, and for odd characters.
  def plainer(text)
    places = (0...text.length).select { |index| text[index] != 'a' && text[index].match?(/[[:alnum:]]|[^\x00-\x7f]/) }
    places.each_slice(MOST_CANDIDATES) do |slice|
      changed = slice.map { |index| text.dup.tap { |copy| copy[index] = 'a' } }
      found = first_differing(changed)
      return plainer(changed[found]) if found
    end
    text
  end
end

# The smallest forms of some texts on which a pair differs.
def smallest(pair, texts)
  fibers = texts.map { |text| Fiber.new { Minimiser.new.smallest(text) } }
  wanted = fibers.map(&:resume)
  loop do
    open = fibers.each_index.select { |index| wanted[index].is_a?(Array) }
    return wanted if open.empty?

    answers = pair.differ(open.flat_map { |index| wanted[index] })
    open.each { |index| wanted[index] = fibers[index].resume(answers.shift(wanted[index].length)) }
  end
end

asked = { count: 20_000, seed: 1, program: 'target/release/handbook', profiles: PROFILES.keys, minutes: nil, most: 60 }
OptionParser.new do |parser|
  parser.on('--program FILE') { |value| asked[:program] = File.expand_path(value) }
  parser.on('--count N', Integer) { |value| asked[:count] = value }
  parser.on('--seed N', Integer) { |value| asked[:seed] = value }
  parser.on('--minutes N', Float) { |value| asked[:minutes] = value }
  parser.on('--profile NAME') { |value| asked[:profiles] = value.split(',') }
  parser.on('--most N', Integer, 'stop after this many causes') { |value| asked[:most] = value }
end.parse!

BATCH = 1000
started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
elapsed = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC) - started }
n_texts = n_different = n_failed = 0
causes = {}
on_purpose = Hash.new(0)

Dir.mktmpdir('dialect-fuzz') do |folder|
  pairs = asked[:profiles].map { |name| Pair.new(name, asked[:program], folder) }
  batch = 0
  # The first half of the work on what sites use, the rest on the other options in turn.
  while n_texts < asked[:count] && (asked[:minutes].nil? || elapsed.call < asked[:minutes] * 60) && causes.length < asked[:most]
    pair = batch.even? ? pairs[0] : pairs[(batch / 2) % pairs.length]
    size = [BATCH, asked[:count] - n_texts].min
    texts = Array.new(size) { |index| Composer.new(Random.new(asked[:seed] * 100_000_007 + batch * BATCH + index)).text }
    found = pair.differ(texts)
    n_failed += found.count(nil)
    different = texts.zip(found).filter_map { |text, differs| text if differs }
    smallest(pair, different).each do |small|
      name = LISTED.find { |_, looks| small.match?(looks) }&.first
      next on_purpose[name] += 1 if name

      n_different += 1
      key = [small, pair.name]
      causes[key] = causes.fetch(key, 0) + 1
      next if causes[key] > 1

      puts "### #{pair.name}", '%%% markdown', small, '%%% html', pair.theirs(small), '%%% found', pair.ours([small])[0]
      $stdout.flush
    end
    n_texts += size
    batch += 1
    warn "#{n_texts} texts, #{n_different} differ, #{causes.length} causes, kramdown fails on #{n_failed}, #{elapsed.call.round} s"
  end
end

causes.select { |_, count| count > 1 }.sort_by { |_, count| -count }.each { |(small, name), count| puts "#{count} times, #{name}: #{small.inspect}" }
on_purpose.each { |name, count| puts "#{count} times on purpose: #{name}" }
share = n_texts.zero? ? 0 : 1000.0 * n_different / n_texts
puts format('%d texts, seed %d: %d differ (%.1f in 1,000), kramdown fails on %d, %d s', n_texts, asked[:seed], n_different, share, n_failed, elapsed.call)
exit causes.empty? ? 0 : 1
