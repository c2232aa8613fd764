#include "sandbox/translate/start_block.hh"

#include "sandbox/supervisor/reply.hh"
#include <array>
#include <cerrno>
#include <cstring>
#include <elf.h>

namespace mica::sandbox {
namespace {

constexpr std::uint64_t page = 4096;

/// The stack as numbers of four or eight bytes.
class WordReader {
public:
    WordReader(const SystemCall &memory, Abi abi, std::uint64_t at)
        : memory_{memory}, width_{is_narrow(abi) ? 4U : 8U}, at_{at}, first_{at}
    {
    }
    std::uint64_t next()
    {
        constexpr std::uint64_t most = std::uint64_t{16} << 20U;
        if (at_ - first_ > most)
            throw CallFailed{E2BIG};
        if (at_ >= end_) {
            // To the end of a page: the next one may not be there.
            begin_ = at_;
            end_ = (at_ & ~(page - 1)) + page;
            memory_.read(begin_, std::span{buffer_}.first(end_ - begin_));
        }
        std::uint64_t value = 0; // little endian, as every machine that this is built for
        std::memcpy(&value, buffer_.data() + (at_ - begin_), width_);
        at_ += width_;
        return value;
    }
    [[nodiscard]] std::uint64_t consumed() const { return at_ - first_; }

private:
    const SystemCall &memory_;
    std::size_t width_;
    std::uint64_t at_, first_, begin_ = 0, end_ = 0;
    std::array<std::byte, page> buffer_{};
};

} // namespace

StartBlock::StartBlock(const SystemCall &memory, Abi abi, std::uint64_t stack) : abi_{abi}, stack_{stack}
{
    WordReader reader{memory, abi, stack};
    for (auto count = reader.next(); count > 0; --count)
        words_.push_back(reader.next());
    (void)reader.next(); // the null at their end
    while (const auto variable = reader.next())
        environment_.push_back(variable);
    while (true) {
        const auto type = reader.next();
        auxiliary_.push_back(type);
        auxiliary_.push_back(reader.next());
        if (type == AT_NULL)
            break;
    }
    size_ = reader.consumed();
}

std::uint64_t *StartBlock::find(std::uint64_t type)
{
    for (std::size_t i = 0; i + 1 < auxiliary_.size(); i += 2)
        if (auxiliary_[i] == type)
            return &auxiliary_[i + 1];
    return nullptr;
}

std::uint64_t StartBlock::auxiliary(std::uint64_t type) const
{
    const auto *found = const_cast<StartBlock *>(this)->find(type);
    return found != nullptr ? *found : 0;
}

void StartBlock::set_auxiliary(std::uint64_t type, std::uint64_t value)
{
    if (auto *found = find(type))
        *found = value;
}

void StartBlock::set_names(const SystemCall &memory, const std::string &name,
                           const std::vector<std::string> &words)
{
    const auto start = auxiliary(AT_EXECFN);
    if (start == 0)
        throw CallFailed{ENOEXEC};
    std::string text = name + '\0';
    std::vector<std::uint64_t> places;
    for (const auto &word : words) {
        places.push_back(start + text.size());
        text += word + '\0';
    }
    memory.write(start, std::as_bytes(std::span{text}));
    if (words.empty())
        return;
    if (!words_.empty())
        words_.erase(words_.begin());
    words_.insert(words_.begin(), places.begin(), places.end());
}

std::uint64_t StartBlock::write(const SystemCall &memory) const
{
    std::vector<std::uint64_t> all{words_.size()};
    const auto add = [&](const std::vector<std::uint64_t> &numbers) {
        all.insert(all.end(), numbers.begin(), numbers.end());
    };
    add(words_);
    all.push_back(0);
    add(environment_);
    all.push_back(0);
    add(auxiliary_);
    const std::size_t width = is_narrow(abi_) ? 4 : 8;
    std::vector<std::byte> bytes(all.size() * width);
    for (std::size_t i = 0; i < all.size(); ++i)
        std::memcpy(bytes.data() + i * width, &all[i], width);
    // What follows the block stays: the strings.
    constexpr std::uint64_t alignment = 16;
    const auto stack = (stack_ + size_ - bytes.size()) & ~(alignment - 1);
    memory.write(stack, bytes);
    return stack;
}

} // namespace mica::sandbox
