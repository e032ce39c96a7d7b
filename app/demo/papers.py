"""What the story's papers say: findings, comments and recommendations, in our own words."""

from typing import Any

FINDINGS: list[dict[str, Any]] = [
    {
        "kind": "strength",
        "clause": "I",
        "content": "Nghị quyết, chỉ thị về công tác Mặt trận và đoàn thể được phổ biến đầy đủ đến chi bộ.",
    },
    {
        "kind": "strength",
        "clause": "I",
        "content": "Thường trực Huyện ủy họp giao ban đều kỳ với Mặt trận, đoàn thể và xử lý sớm điều dân nêu.",
    },
    {
        "kind": "strength",
        "clause": "II",
        "content": "Kinh phí hoạt động của Mặt trận, đoàn thể các cấp được bố trí sát nhu cầu.",
    },
    {
        "kind": "strength",
        "clause": "II",
        "content": "Mặt trận, đoàn thể được giao phần việc cụ thể trong các chương trình kinh tế - xã hội.",
    },
    {
        "kind": "strength",
        "clause": "II",
        "content": "Cách làm của đoàn thể được đổi mới theo hướng về với cơ sở.",
    },
    {
        "kind": "limitation",
        "clause": "I",
        "severity": "moderate",
        "extent": 4,
        "content": "Vài xã triển khai Kết luận 62-KL/TW không đều, còn xa thực tế địa phương.",
    },
    {
        "kind": "limitation",
        "clause": "II",
        "severity": "moderate",
        "extent": 3,
        "content": "Ở cấp xã, Mặt trận với HĐND, UBND phối hợp chưa nhịp nhàng nên kết quả thấp.",
    },
    {
        "kind": "limitation",
        "clause": "II",
        "severity": "minor",
        "content": "Một số phong trào thi đua chỉ rộ lên lúc phát động, khó giữ lâu.",
    },
    {
        "kind": "limitation",
        "clause": "III",
        "severity": "serious",
        "content": "Giám sát, phản biện xã hội ở cơ sở lúng túng cả về nội dung lẫn cách làm.",
    },
    {
        "kind": "limitation",
        "clause": "III",
        "severity": "moderate",
        "content": "Tỷ lệ tập hợp đoàn viên, hội viên và kết nạp đảng viên ở vài đoàn thể còn thấp.",
    },
]

OUTLINE = [
    {
        "key": "I",
        "title": "Quán triệt, triển khai Kết luận 62-KL/TW",
        "asks": "Văn bản đã ban hành, số lượt quán triệt",
    },
    {"key": "II", "title": "Phối hợp và điều kiện hoạt động", "asks": "Quy chế phối hợp, kinh phí, kết quả"},
    {"key": "III", "title": "Giám sát, phản biện; xây dựng tổ chức", "asks": "Số cuộc, số kiến nghị, kết quả tập hợp"},
]

COMMENTS = [
    ("Số xã triển khai chưa đều là 3, không phải 4: xã Quảng Phú đã có kế hoạch từ tháng 9/2022.", "accepted", None),
    (
        "Đề nghị nêu thêm nguyên nhân khách quan do cán bộ Mặt trận cấp xã kiêm nhiệm.",
        "explained",
        "Báo cáo đã có mục nguyên nhân; việc kiêm nhiệm thuộc bố trí của huyện nên không coi là khách quan.",
    ),
]

RECOMMENDATIONS: list[dict[str, Any]] = [
    {
        "to": "addressee",
        "owner": ("Cao Thị Vân", "Trưởng phòng"),
        "action": "Tham mưu kế hoạch cụ thể hóa các văn bản về công tác Mặt trận, đoàn thể cho từng xã.",
        "expected_result": "Kế hoạch năm 2024 được ban hành, có phân công từng xã.",
        "measure": "11/11 xã, thị trấn có kế hoạch riêng",
        "due_on": "2024-09-30",
        "findings": [5],
        "verifier": "verifier",
    },
    {
        "to": "supervised",
        "owner": ("Trương Duy Hải", "Phó Bí thư Thường trực"),
        "action": "Đổi mới phương thức lãnh đạo của cấp ủy đối với Mặt trận và các đoàn thể.",
        "expected_result": "Quy chế làm việc sửa đổi có phần phối hợp với Mặt trận.",
        "measure": "Quy chế được ban hành",
        "due_on": "2024-12-31",
        "findings": [6],
    },
    {
        "to": "addressee",
        "owner": ("Cao Thị Vân", "Trưởng phòng"),
        "action": "Củng cố tổ chức và đội ngũ cán bộ Mặt trận, đoàn thể cấp xã.",
        "expected_result": "Không còn xã thiếu chức danh chủ chốt của Mặt trận.",
        "measure": "0 xã thiếu chức danh",
        "due_on": "2024-11-30",
        "reply_by_rule": True,
        "findings": [9],
    },
    {
        "to": "paper_addressee",
        "owner": ("Trần Văn Quý", "Chủ tịch UBND xã"),
        "action": "Nâng chất lượng các phong trào thi đua trên địa bàn xã Quảng Thái.",
        "expected_result": "Mỗi phong trào có chỉ tiêu và sơ kết hằng quý.",
        "measure": "4 kỳ sơ kết trong năm",
        "due_on": "2025-03-31",
        "findings": [7],
    },
    {
        "to": "supervised",
        "owner": ("Trương Duy Hải", "Phó Bí thư Thường trực"),
        "action": "Chăm lo, bảo vệ quyền lợi hợp pháp của đoàn viên, hội viên và nhân dân.",
        "expected_result": "Kiến nghị của đoàn viên, hội viên được trả lời và theo dõi đến khi xong.",
        "measure": "100% kiến nghị có kết quả",
        "due_on": "2025-06-30",
        "findings": [6],
    },
    {
        "to": "supervised",
        "owner": ("Trương Duy Hải", "Phó Bí thư Thường trực"),
        "action": "Đa dạng hình thức tập hợp nhân dân, dồn hoạt động về cơ sở.",
        "expected_result": "Tỷ lệ tập hợp đoàn viên, hội viên tăng so với năm 2023.",
        "measure": "Tăng ít nhất 5 điểm phần trăm",
        "due_on": "2025-06-30",
        "findings": [9],
    },
    {
        "to": "addressee_superior",
        "owner": ("Mai Văn Tài", "Chủ tịch UBND huyện"),
        "action": "Tăng cường dân vận chính quyền và ký lại chương trình phối hợp với Mặt trận.",
        "expected_result": "Chương trình phối hợp được ký, có trách nhiệm từng bên.",
        "measure": "Chương trình phối hợp 2024–2026",
        "due_on": "2024-12-31",
        "findings": [6, 8],
    },
]
