#include "io/deflate_walk.hh"

#include "base/error.hh"
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

// Why: libdeflate makes whole streams only, and the last block of each says "the end".
// To put the streams of independent chunks one behind the other into one gzip member
// that bit must be cleared, and to find it one must know where each block ends, which
// takes decoding every symbol. It does not take producing any output: a symbol is
// skipped with the extra bits that follow it, so the tables below hold the number of
// bits to skip, and not what the symbol means.

namespace mica {

namespace {

static_assert(std::endian::native == std::endian::little, "refill() reads words as they lie in memory");

[[noreturn]] void broken()
{
    throw Error{ErrorKind::integrity, "broken deflate stream"};
}

/// Bits, lowest first. After refill() at least 56 are there; behind the end they are
/// zeros, which the position betrays.
class Bits {
public:
    explicit Bits(BytesView data) : data_{data} {}

    void refill()
    {
        if (next_ + sizeof(std::uint64_t) <= data_.size()) {
            std::uint64_t word = 0;
            std::memcpy(&word, data_.data() + next_, sizeof word);
            buffer_ |= word << count_;
            next_ += (63 - count_) >> 3;
            count_ |= 56;
            return;
        }
        if (next_ > data_.size() + sizeof(std::uint64_t))
            broken(); // all that is left are the zeros behind the end
        for (; count_ <= 56; count_ += 8, ++next_)
            if (next_ < data_.size())
                buffer_ |= std::to_integer<std::uint64_t>(data_[next_]) << count_;
    }
    [[nodiscard]] std::uint64_t peek() const { return buffer_; }
    void skip(unsigned count)
    {
        buffer_ >>= count;
        count_ -= count;
    }
    [[nodiscard]] unsigned take(unsigned count)
    {
        refill();
        const auto value = static_cast<unsigned>(buffer_ & ((std::uint64_t{1} << count) - 1));
        skip(count);
        return value;
    }
    [[nodiscard]] std::size_t position() const { return next_ * 8 - count_; }
    void check() const
    {
        if (position() > data_.size() * 8)
            broken();
    }
    void skip_bytes_aligned(std::size_t count)
    {
        next_ = position() / 8 + count;
        buffer_ = 0;
        count_ = 0;
        check();
    }

private:
    BytesView data_;
    std::uint64_t buffer_ = 0;
    unsigned count_ = 0;
    std::size_t next_ = 0;
};

/// What to do at a symbol, packed for speed: the bits to skip (code and extra bits), what
/// comes next, and the half of the table to look that up in. A shift by the whole value is
/// a shift by the bits to skip, since only six bits of it count.
class Step {
public:
    enum Next : std::uint16_t {
        symbol = 0,          ///< a literal or a length: the table's first half
        distance = 1U << 11, ///< its second half
        end_of_block = 1U << 12,
        special = 1U << 13 ///< no code, or one longer than the table is wide
    };
    Step() = default;
    Step(unsigned skip, Next next) : bits_{static_cast<std::uint16_t>(skip | next)} {}

    [[nodiscard]] unsigned skip() const { return bits_ & 63U; }
    [[nodiscard]] Next next() const { return static_cast<Next>(bits_ & ~63U); }
    [[nodiscard]] unsigned half() const { return bits_ & distance; }
    [[nodiscard]] bool is_plain() const { return (bits_ & (end_of_block | special)) == 0; }
    [[nodiscard]] Step after(unsigned skip) const { return {this->skip() + skip, next()}; }

private:
    std::uint16_t bits_ = special;
};

constexpr unsigned max_code_length = 15;
constexpr unsigned max_symbols = 288;
constexpr unsigned table_bits = 11;
constexpr std::size_t table_size = std::size_t{1} << table_bits;
static_assert(table_size == Step::distance);

/// The lowest 16 bits in the opposite order.
constexpr unsigned reverse16(unsigned bits)
{
    bits = ((bits & 0x5555U) << 1) | ((bits >> 1) & 0x5555U);
    bits = ((bits & 0x3333U) << 2) | ((bits >> 2) & 0x3333U);
    bits = ((bits & 0x0f0fU) << 4) | ((bits >> 4) & 0x0f0fU);
    return ((bits & 0x00ffU) << 8) | ((bits >> 8) & 0x00ffU);
}

/// A canonical Huffman code (RFC 1951, 3.2.2) as a table over the bits that come next.
/// Codes that are longer, rare by their nature, are found by their order.
class Code {
public:
    using Table = std::span<Step, table_size>;

    template <class MakeStep>
    void build(std::span<const std::uint8_t> lengths, Table table,
               std::span<std::uint8_t, table_size> code_bits, const MakeStep &make_step)
    {
        count_.fill(0);
        for (const auto length : lengths)
            ++count_[length];
        count_[0] = 0;
        std::uint32_t code = 0;
        std::uint32_t used = 0;
        for (unsigned length = 1; length <= max_code_length; ++length) {
            code = (code + (length > 1 ? count_[length - 1] : 0U)) << 1;
            first_code_[length] = static_cast<std::uint16_t>(code);
            first_symbol_[length] =
                static_cast<std::uint16_t>(length > 1 ? first_symbol_[length - 1] + count_[length - 1] : 0);
            used += std::uint32_t{count_[length]} << (max_code_length - length);
        }
        if (used > (1U << max_code_length))
            broken();
        std::fill(table.begin(), table.end(), Step{});
        auto next_code = first_code_;
        auto next_symbol = first_symbol_;
        for (unsigned symbol = 0; symbol < lengths.size(); ++symbol) {
            const unsigned length = lengths[symbol];
            if (length == 0)
                continue;
            const Step step = make_step(symbol).after(length);
            sorted_[next_symbol[length]++] = step;
            const std::size_t stride = std::size_t{1} << length;
            if (length <= table_bits)
                for (std::size_t at = reverse16(next_code[length]) >> (16 - length); at < table_size;
                     at += stride) {
                    table[at] = step;
                    code_bits[at] = static_cast<std::uint8_t>(length);
                }
            ++next_code[length];
        }
    }

    /// The step at a code that is longer than the table is wide.
    [[nodiscard]] Step decode_long(std::uint64_t bits) const
    {
        // Canonical codes are ordered numbers once the bit that comes first counts most.
        const unsigned longest = reverse16(static_cast<unsigned>(bits & 0xffffU)) >> (16 - max_code_length);
        for (unsigned length = table_bits + 1; length <= max_code_length; ++length) {
            const unsigned rank = (longest >> (max_code_length - length)) - first_code_[length];
            if (rank < count_[length])
                return sorted_[first_symbol_[length] + rank];
        }
        return {};
    }

private:
    std::array<Step, max_symbols> sorted_{}; ///< in the order of the codes
    std::array<std::uint16_t, max_code_length + 1> count_{}, first_code_{}, first_symbol_{};
};

/// Lets one look-up take several literals, and what follows them, as far as their codes
/// fit into the bits that were looked at.
void join_literals(std::span<const Step, table_size> single,
                   std::span<const std::uint8_t, table_size> code_bits, Code::Table joined)
{
    for (std::size_t window = 0; window < table_size; ++window) {
        Step step = single[window];
        unsigned used = code_bits[window];
        while (step.next() == Step::symbol) {
            const std::size_t rest = window >> used;
            used += code_bits[rest];
            if (used > table_bits || single[rest].next() == Step::special)
                break;
            step = single[rest].after(step.skip());
        }
        joined[window] = step;
    }
}

Step length_step(unsigned symbol)
{
    if (symbol < 256)
        return {0, Step::symbol};
    if (symbol == 256)
        return {0, Step::end_of_block};
    if (symbol > 285)
        return {};
    return {symbol < 265 || symbol == 285 ? 0 : (symbol - 261) / 4, Step::distance};
}

Step distance_step(unsigned symbol)
{
    if (symbol > 29)
        return {};
    return {symbol < 4 ? 0 : symbol / 2 - 1, Step::symbol};
}

class Walker {
public:
    explicit Walker(BytesView stream) : bits_{stream} {}

    DeflateEnd run()
    {
        while (true) {
            const std::size_t start = bits_.position();
            const bool final = bits_.take(1) != 0;
            skip_block(bits_.take(2));
            bits_.check();
            if (final)
                return {start, bits_.position()};
        }
    }

private:
    void skip_block(unsigned type)
    {
        switch (type) {
        case 0:
            return skip_stored();
        case 1:
            read_fixed_codes();
            return skip_symbols();
        case 2:
            read_codes();
            return skip_symbols();
        default:
            broken();
        }
    }

    void skip_stored()
    {
        (void)bits_.take(static_cast<unsigned>(-bits_.position() & 7));
        const unsigned length = bits_.take(16);
        if (length != (~bits_.take(16) & 0xffffU))
            broken();
        bits_.skip_bytes_aligned(length);
    }

    void read_fixed_codes()
    {
        std::array<std::uint8_t, max_symbols> lengths{};
        for (unsigned symbol = 0; symbol < max_symbols; ++symbol)
            lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8;
        std::array<std::uint8_t, 30> distances{};
        distances.fill(5);
        build_codes(lengths, distances);
    }

    void read_codes()
    {
        const unsigned length_count = bits_.take(5) + 257;
        const unsigned distance_count = bits_.take(5) + 1;
        const auto all = read_code_lengths(length_count + distance_count);
        if (all[256] == 0)
            broken();
        const std::span<const std::uint8_t> lengths{all};
        build_codes(lengths.first(length_count), lengths.subspan(length_count, distance_count));
    }

    void build_codes(std::span<const std::uint8_t> lengths, std::span<const std::uint8_t> distances)
    {
        const Code::Table first_half{table_.data(), table_size};
        const Code::Table second_half{table_.data() + table_size, table_size};
        lengths_.build(lengths, single_, code_bits_, length_step);
        join_literals(single_, code_bits_, first_half);
        distances_.build(distances, second_half, code_bits_, distance_step);
    }

    using AllLengths = std::array<std::uint8_t, 320>;

    AllLengths read_code_lengths(unsigned count)
    {
        static constexpr std::array<std::uint8_t, 19> order{16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                            11, 4,  12, 3, 13, 2, 14, 1, 15};
        const unsigned given = bits_.take(4) + 4;
        std::array<std::uint8_t, 19> code_lengths{};
        for (unsigned i = 0; i < given; ++i)
            code_lengths[order[i]] = static_cast<std::uint8_t>(bits_.take(3));
        const LengthCode code{code_lengths};
        AllLengths all{};
        for (unsigned at = 0; at < count;) {
            const unsigned symbol = code.take(bits_);
            if (symbol < 16) {
                all[at++] = static_cast<std::uint8_t>(symbol);
                continue;
            }
            if (symbol == 16 && at == 0)
                broken();
            const std::uint8_t repeated = symbol == 16 ? all[at - 1] : std::uint8_t{0};
            const unsigned times = symbol == 16   ? 3 + bits_.take(2)
                                   : symbol == 17 ? 3 + bits_.take(3)
                                                  : 11 + bits_.take(7);
            if (times > count - at)
                broken();
            std::fill_n(all.begin() + at, times, repeated);
            at += times;
        }
        return all;
    }

    /// The code of the code lengths: here the symbols matter.
    class LengthCode {
    public:
        explicit LengthCode(const std::array<std::uint8_t, 19> &lengths)
        {
            unsigned code = 0;
            for (unsigned length = 1; length <= 7; ++length, code <<= 1)
                for (unsigned symbol = 0; symbol < lengths.size(); ++symbol)
                    if (lengths[symbol] == length)
                        enter(symbol, length, code++);
        }
        [[nodiscard]] unsigned take(Bits &bits) const
        {
            bits.refill();
            const Item item = table_[bits.peek() & 127];
            if (item.length == 0)
                broken();
            bits.skip(item.length);
            return item.symbol;
        }

    private:
        struct Item {
            std::uint8_t symbol = 0, length = 0;
        };
        void enter(unsigned symbol, unsigned length, unsigned code)
        {
            if (code >= (1U << length))
                broken();
            for (unsigned at = reverse16(code) >> (16 - length); at < table_.size(); at += 1U << length)
                table_[at] = {static_cast<std::uint8_t>(symbol), static_cast<std::uint8_t>(length)};
        }
        std::array<Item, 128> table_{};
    };

    // Which half of the table comes next is a part of the data, not a branch: whether a
    // literal or a match follows is just what a processor cannot predict.
    void skip_symbols()
    {
        Bits bits = bits_; // a copy that the compiler may keep in registers
        Step step{0, Step::symbol};
        const auto step_on = [&] {
            const unsigned half = step.half();
            step = table_[(bits.peek() & (table_size - 1)) + half];
            if (step.is_plain()) [[likely]] {
                bits.skip(step.skip());
                return true;
            }
            if (step.next() == Step::special)
                step = half == 0 ? lengths_.decode_long(bits.peek()) : distances_.decode_long(bits.peek());
            bits.skip(step.skip());
            return step.is_plain();
        };
        // Two steps take 48 bits at most.
        do
            bits.refill();
        while (step_on() && step_on());
        if (step.next() == Step::special)
            broken();
        bits_ = bits;
    }

    Bits bits_;
    Code lengths_, distances_;
    std::array<Step, 2 * table_size> table_{};
    std::array<Step, table_size> single_{};
    std::array<std::uint8_t, table_size> code_bits_{};
};

} // namespace

DeflateEnd find_final_block(BytesView stream)
{
    return Walker{stream}.run();
}

} // namespace mica
