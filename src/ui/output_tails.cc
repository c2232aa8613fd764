#include "ui/output_tails.hh"

#include "ui/text.hh"

namespace mica::ui {

namespace {

constexpr std::size_t lines_kept = 100;

} // namespace

void OutputTails::add(TaskRow &row, const event::TaskOutput &output)
{
    for (const auto &line : row.output.at(output.is_stderr ? 1 : 0).feed(output.bytes))
        keep(row.heading, line);
}

void OutputTails::complete(TaskRow &row)
{
    for (auto &splitter : row.output)
        if (const auto rest = splitter.take_rest(); !rest.empty())
            keep(row.heading, rest);
}

const OutputTails::Lines *OutputTails::find(TaskId heading) const
{
    const auto found = tails_.find(heading);
    return found == tails_.end() ? nullptr : &found->second;
}

void OutputTails::keep(TaskId heading, std::string_view line)
{
    auto &tail = tails_[heading];
    tail.push_back(plain_line(line));
    if (tail.size() > lines_kept)
        tail.pop_front();
}

} // namespace mica::ui
