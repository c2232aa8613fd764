#include "exec/copy/read_ahead.hh"

#include "base/error.hh"
#include "context/path_text.hh"
#include "files.hh"
#include <atomic>
#include <boost/test/unit_test.hpp>

using namespace mica;
using namespace mica::exec;
using namespace mica::exec::test;

namespace {

/// Counts the questions; a directory whose name is "broken" cannot be listed.
class Counting final : public SourceView {
public:
    explicit Counting(const Lines &lines) : view_{view_of(tree_of(lines), provider_of(lines))} {}

    [[nodiscard]] std::optional<tar::Entry> find(std::string_view path) const override
    {
        ++found;
        return view_->find(path);
    }
    [[nodiscard]] std::vector<std::string> list(std::string_view path) const override
    {
        ++listed;
        if (path.ends_with("broken"))
            throw Error{ErrorKind::io, "it is broken"};
        return view_->list(path);
    }
    [[nodiscard]] ContentPtr content(std::string_view path) const override { return view_->content(path); }
    [[nodiscard]] std::uint64_t link_id(std::string_view path) const override { return view_->link_id(path); }
    [[nodiscard]] bool ignored(std::string_view path) const override { return view_->ignored(path); }

    mutable std::atomic<int> found = 0, listed = 0;

private:
    std::unique_ptr<SourceView> view_;
};

/// Everything below a directory, asked for as a copy does.
void walk(const SourceView &view, const std::string &path, Lines &out)
{
    for (const auto &name : view.list(path)) {
        const auto below = context::join_path(path, name);
        const auto entry = view.find(below);
        const bool is_file = entry && entry->type == tar::FileType::regular;
        out.push_back(below + (is_file ? " " + std::to_string(view.link_id(below) != 0) : ""));
        if (is_file)
            out.push_back(read_all(*view.content(below)->open()));
        if (entry && entry->type == tar::FileType::directory)
            walk(view, below, out);
    }
}

Lines walked(const SourceView &view, const std::string &path)
{
    Lines out;
    walk(view, path, out);
    return out;
}

const Lines some{"f a/b/c=1", "f a/b/d=2", "d a/empty", "f a/z=3", "h a/zz>a/z", "l b>a", "f c/d/e=4"};

} // namespace

BOOST_AUTO_TEST_SUITE(read_ahead_of_a_source)

BOOST_AUTO_TEST_CASE(shows_what_is_there)
{
    const Counting view{some};
    BOOST_TEST(walked(*read_ahead(view, {""}, {}), "") == walked(view, ""), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(asks_for_everything_once)
{
    const Counting view{some};
    const auto ahead = read_ahead(view, {""}, {});
    (void)walked(*ahead, "");
    BOOST_TEST(view.listed == 6); // "", a, a/b, a/empty, c, c/d
    BOOST_TEST(view.found == 11);
}

BOOST_AUTO_TEST_CASE(directories_follow_each_other)
{
    const Counting view{some};
    const auto ahead = read_ahead(view, {"c", "a/b"}, {});
    BOOST_TEST(walked(*ahead, "c") == walked(view, "c"), boost::test_tools::per_element());
    BOOST_TEST(walked(*ahead, "a/b") == walked(view, "a/b"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(other_questions_are_answered_too)
{
    const Counting view{some};
    const auto ahead = read_ahead(view, {"a"}, {});
    BOOST_TEST(walked(*ahead, "c") == walked(view, "c"), boost::test_tools::per_element());
    BOOST_TEST(ahead->find("a/z").value().size == 1U);
    BOOST_TEST(!ahead->find("none").has_value());
    BOOST_TEST(walked(*ahead, "a") == walked(view, "a"), boost::test_tools::per_element());
    BOOST_TEST(walked(*ahead, "a") == walked(view, "a"), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_fails_fails_when_it_is_asked_for)
{
    const Counting view{{"f a/f=1", "f broken/f=2", "f c/f=3"}};
    const auto ahead = read_ahead(view, {""}, {});
    BOOST_TEST(ahead->list("").size() == 3U);
    BOOST_TEST(ahead->list("a").size() == 1U);
    BOOST_CHECK_THROW((void)ahead->list("broken"), Error);
    BOOST_TEST(ahead->list("c").size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_needs_to_ask)
{
    const Counting view{some};
    BOOST_CHECK_NO_THROW((void)read_ahead(view, {"", "", ""}, {}));
}

BOOST_AUTO_TEST_CASE(one_that_was_stopped_answers_still)
{
    const Counting view{some};
    std::stop_source stop;
    stop.request_stop();
    BOOST_TEST(walked(*read_ahead(view, {""}, stop.get_token()), "") == walked(view, ""),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
